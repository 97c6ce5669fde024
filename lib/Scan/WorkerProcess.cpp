//===- WorkerProcess.cpp - What a worker is told and tells ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pipes, polling and the end of the worker.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/WorkerProcess.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace pagewarden::scan {

static volatile sig_atomic_t Interrupted = 0;

static void onInterrupt(int Signal) { Interrupted = Signal; }

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

namespace {

/// SIGINT and SIGTERM are noted, SIGPIPE is ignored, while this lives.
class SignalScope {
public:
  SignalScope() {
    Interrupted = 0;
    struct sigaction Action = {};
    Action.sa_handler = onInterrupt;
    // A second one ends this process as ever.
    Action.sa_flags = int(SA_RESETHAND);
    sigaction(SIGINT, &Action, &OldInt);
    sigaction(SIGTERM, &Action, &OldTerm);
    Action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &Action, &OldPipe);
  }
  ~SignalScope() {
    sigaction(SIGINT, &OldInt, nullptr);
    sigaction(SIGTERM, &OldTerm, nullptr);
    sigaction(SIGPIPE, &OldPipe, nullptr);
  }
  SignalScope(const SignalScope &) = delete;
  SignalScope &operator=(const SignalScope &) = delete;

  void restoreInChild() const {
    sigaction(SIGINT, &OldInt, nullptr);
    sigaction(SIGTERM, &OldTerm, nullptr);
    sigaction(SIGPIPE, &OldPipe, nullptr);
  }

private:
  struct sigaction OldInt = {}, OldTerm = {}, OldPipe = {};
};

class Worker {
public:
  Worker(StringRef Program, function_ref<void(FileResult)> OnResult)
      : Program(Program.str()), OnResult(OnResult) {}
  ~Worker() {
    closeFD(ToWorker);
    closeFD(FromWorker);
    if (Pid < 0)
      return;
    ::kill(Pid, SIGTERM);
    ::waitpid(Pid, nullptr, 0);
  }
  Worker(const Worker &) = delete;
  Worker &operator=(const Worker &) = delete;

  Error start(const SignalScope &Signals);
  Error talk(StringRef Rest, function_ref<void()> OnTick);
  Error finish();

private:
  static void closeFD(int &FD) {
    if (FD >= 0)
      ::close(FD);
    FD = -1;
  }
  Error send(StringRef &Rest);
  Error receive();
  Error take(StringRef Line);

  const std::string Program;
  function_ref<void(FileResult)> OnResult;
  pid_t Pid = -1;
  int ToWorker = -1, FromWorker = -1;
  std::string Pending; ///< received, not yet a whole line
  bool Killed = false;
};

} // namespace

Error Worker::start(const SignalScope &Signals) {
  if (!sys::fs::can_execute(Program))
    return failure("cannot run the worker '" + Program + "': " +
                   (sys::fs::exists(Program) ? "it is not executable"
                                             : "there is no such file"));
  int In[2], Out[2];
  if (::pipe2(In, O_CLOEXEC))
    return failure("cannot make a pipe: " + sys::StrError(errno));
  if (::pipe2(Out, O_CLOEXEC)) {
    ::close(In[0]);
    ::close(In[1]);
    return failure("cannot make a pipe: " + sys::StrError(errno));
  }
  errs().flush();
  const pid_t Parent = ::getpid();
  Pid = ::fork();
  if (Pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != Parent)
      ::_exit(1);
    Signals.restoreInChild();
    ::dup2(In[0], STDIN_FILENO);
    ::dup2(Out[1], STDOUT_FILENO);
    ::execl(Program.c_str(), Program.c_str(), static_cast<char *>(nullptr));
    errs() << "pagewarden: error: cannot run '" << Program
           << "': " << sys::StrError(errno) << '\n';
    ::_exit(127);
  }
  ::close(In[0]);
  ::close(Out[1]);
  ToWorker = In[1];
  FromWorker = Out[0];
  for (int FD : {ToWorker, FromWorker})
    ::fcntl(FD, F_SETFL, O_NONBLOCK);
  if (Pid < 0)
    return failure("cannot start a process: " + sys::StrError(errno));
  return Error::success();
}

/// Sends what the pipe takes; closes it when nothing is left.
Error Worker::send(StringRef &Rest) {
  while (!Rest.empty()) {
    ssize_t N = ::write(ToWorker, Rest.data(), Rest.size());
    if (N < 0 && errno == EINTR)
      continue;
    if (N < 0 && errno == EAGAIN)
      return Error::success();
    if (N < 0) {
      // Gone: its status, which finish() has, says more.
      closeFD(ToWorker);
      return Error::success();
    }
    Rest = Rest.drop_front(size_t(N));
  }
  closeFD(ToWorker);
  return Error::success();
}

Error Worker::receive() {
  char Buffer[1 << 16];
  while (FromWorker >= 0) {
    ssize_t N = ::read(FromWorker, Buffer, sizeof(Buffer));
    if (N < 0 && errno == EINTR)
      continue;
    if (N < 0 && errno == EAGAIN)
      return Error::success();
    if (N <= 0) {
      closeFD(FromWorker);
      break;
    }
    // Only what is new can hold the end of a line.
    size_t Searched = Pending.size();
    Pending.append(Buffer, size_t(N));
    size_t LineStart = 0;
    for (size_t End; (End = Pending.find('\n', Searched)) != std::string::npos;
         LineStart = Searched = End + 1)
      if (Error E = take(StringRef(Pending).slice(LineStart, End)))
        return E;
    Pending.erase(0, LineStart);
  }
  return Error::success();
}

Error Worker::take(StringRef Line) {
  Expected<json::Value> V = json::parse(Line);
  if (!V)
    return failure("the worker '" + Program +
                   "' said what is no result: " + toString(V.takeError()));
  json::Path::Root Root("result");
  FileResult Result;
  if (!fromJSON(*V, Result, Root))
    return failure("the worker '" + Program +
                   "' said what is no result: " + toString(Root.getError()));
  OnResult(std::move(Result));
  return Error::success();
}

Error Worker::talk(StringRef Rest, function_ref<void()> OnTick) {
  while (FromWorker >= 0) {
    pollfd FDs[] = {{FromWorker, POLLIN, 0}, {ToWorker, POLLOUT, 0}};
    if (::poll(FDs, 2, 250) < 0 && errno != EINTR)
      return failure("cannot wait for the worker: " + sys::StrError(errno));
    if (Interrupted && !Killed) {
      Killed = true;
      ::kill(Pid, SIGTERM);
    }
    if (ToWorker >= 0 && FDs[1].revents)
      if (Error E = send(Rest))
        return E;
    if (Error E = receive())
      return E;
    OnTick();
  }
  return Error::success();
}

Error Worker::finish() {
  closeFD(ToWorker);
  int Status = 0;
  while (::waitpid(Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  Pid = -1;
  if (Interrupted)
    return failure("interrupted");
  if (WIFSIGNALED(Status))
    return failure("the worker '" + Program + "' was ended by signal " +
                   Twine(WTERMSIG(Status)) + " (" +
                   strsignal(WTERMSIG(Status)) + ")");
  if (WEXITSTATUS(Status))
    return failure("the worker '" + Program + "' ended with status " +
                   Twine(WEXITSTATUS(Status)));
  if (!Pending.empty())
    return failure("the worker '" + Program + "' stopped within a result");
  return Error::success();
}

Error runWorker(StringRef Program, const Request &Req,
                function_ref<void(FileResult)> OnResult,
                function_ref<void()> OnTick) {
  std::string Text;
  raw_string_ostream OS(Text);
  OS << toJSON(Req);
  OS.flush();

  SignalScope Signals;
  Worker W(Program, OnResult);
  if (Error E = W.start(Signals))
    return E;
  if (Error E = W.talk(Text, OnTick))
    return E;
  return W.finish();
}

} // namespace pagewarden::scan
