//===- WorkerPool.cpp - One process per file ------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A child's life:
///
///      fork ──► running ──► result written ──► exited with 0 ──► as it says
///                  │ │              └── killed or another status ─► Crashed
///                  │ └── exited without a whole result ───────────► Crashed
///                  └── time limit: process group killed ─────────► TimedOut
///
/// A child is over when it was waited for, not when its pipe ends: whatever it
/// started may hold the pipe open.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/WorkerPool.h"
#include "pagewarden/Scan/Jobserver.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <list>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define PAGEWARDEN_SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PAGEWARDEN_SHADOW_MEMORY 1
#endif
#endif
#ifndef PAGEWARDEN_SHADOW_MEMORY
#define PAGEWARDEN_SHADOW_MEMORY 0
#endif

using namespace llvm;
using Clock = std::chrono::steady_clock;

namespace pagewarden::scan {

namespace {

/// A result beyond this is not one: no file has that many findings.
constexpr size_t MaxResult = size_t(256) << 20;
/// So much of what a child prints is kept.
constexpr size_t MaxTail = 16 << 10;

struct Child {
  size_t Index = 0; ///< in Request::Jobs
  pid_t Pid = -1;
  int Result = -1;   ///< reading end, -1 when closed
  int Messages = -1; ///< likewise, of standard output and error
  std::string ResultText, MessageText;
  Clock::time_point Deadline = Clock::time_point::max();
  bool TimedOut = false, TooLong = false;
};

enum class Written { All, ReaderGone, Failed };

Written writeAll(int FD, StringRef Text) {
  while (!Text.empty()) {
    ssize_t N = ::write(FD, Text.data(), Text.size());
    if (N < 0 && errno == EINTR)
      continue;
    if (N < 0)
      return errno == EPIPE ? Written::ReaderGone : Written::Failed;
    Text = Text.drop_front(size_t(N));
  }
  return Written::All;
}

void closeFD(int &FD) {
  if (FD >= 0)
    ::close(FD);
  FD = -1;
}

std::string signalName(int Signal) {
  const char *Name = sigabbrev_np(Signal);
  return Name ? std::string("SIG") + Name : "signal " + std::to_string(Signal);
}

/// The last words of a child: its last two lines, without empty ones.
std::string lastWords(StringRef Text) {
  SmallVector<StringRef, 16> Lines;
  Text.split(Lines, '\n', -1, /*KeepEmpty=*/false);
  erase_if(Lines, [](StringRef Line) { return Line.trim().empty(); });
  std::string Out;
  for (StringRef Line : ArrayRef(Lines).take_back(2)) {
    Out += Out.empty() ? "" : " | ";
    Out += Line.trim().take_front(400);
  }
  return Out;
}

double seconds(const timeval &T) { return double(T.tv_sec) + T.tv_usec / 1e6; }

class Pool {
public:
  Pool(const Request &Req, const AnalyzeFn &Analyze, const PrepareFn &Prepare,
       int Output)
      : Req(Req), Analyze(Analyze), Prepare(Prepare), Output(Output),
        Make(Req.FollowMake ? sys::Process::GetEnv("MAKEFLAGS").value_or("")
                            : "") {}

  int run() {
    if (!blockSignals())
      return ioError("cannot set up signals");
    while (!Stop && (Next < Req.Jobs.size() || !Children.empty())) {
      while (!Stop && Next < Req.Jobs.size() &&
             Children.size() < std::max(1u, Req.Parallel) && mayStart())
        start();
      if (!Stop && !Children.empty())
        wait();
    }
    killAll();
    restoreSignals();
    return Status;
  }

private:
  //===--------------------------------------------------------------------===//
  // Signals
  //===--------------------------------------------------------------------===//

  bool blockSignals() {
    struct sigaction Ignore = {};
    Ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &Ignore, &OldPipe);
    sigset_t Set;
    sigemptyset(&Set);
    for (int Signal : {SIGCHLD, SIGHUP, SIGINT, SIGTERM})
      sigaddset(&Set, Signal);
    sigprocmask(SIG_BLOCK, &Set, &OldMask);
    Signals = signalfd(-1, &Set, SFD_CLOEXEC | SFD_NONBLOCK);
    return Signals >= 0;
  }

  void restoreSignals() {
    closeFD(Signals);
    sigprocmask(SIG_SETMASK, &OldMask, nullptr);
    sigaction(SIGPIPE, &OldPipe, nullptr);
  }

  void takeSignals() {
    signalfd_siginfo Info;
    while (::read(Signals, &Info, sizeof(Info)) == ssize_t(sizeof(Info)))
      if (Info.ssi_signo != unsigned(SIGCHLD))
        stop(128 + int(Info.ssi_signo));
  }

  void stop(int WithStatus) {
    if (!Stop)
      Status = WithStatus;
    Stop = true;
  }

  int ioError(StringRef What) {
    errs() << "pagewarden-worker: error: " << What << ": "
           << sys::StrError(errno) << '\n';
    stop(2);
    return 2;
  }

  //===--------------------------------------------------------------------===//
  // Children
  //===--------------------------------------------------------------------===//

  /// The first child runs on the token that this process has.
  bool mayStart() {
    return !Make.isThere() || Children.size() <= Make.held() || Make.take();
  }

  void returnTokens() {
    while (Make.held() && Make.held() >= Children.size())
      Make.giveBack();
  }

  /// Whether there is something that only lacks a token.
  bool wantsToken() const {
    return Make.isThere() && Next < Req.Jobs.size() &&
           Children.size() < std::max(1u, Req.Parallel);
  }

  void start() {
    if (Prepare)
      Prepare(Req.Jobs[Next]);
    int ResultPipe[2], MessagePipe[2];
    if (::pipe2(ResultPipe, O_CLOEXEC)) {
      ioError("cannot make a pipe");
      return;
    }
    if (::pipe2(MessagePipe, O_CLOEXEC)) {
      ioError("cannot make a pipe");
      ::close(ResultPipe[0]);
      ::close(ResultPipe[1]);
      return;
    }
    const pid_t Parent = ::getpid();
    const pid_t Pid = ::fork();
    if (Pid == 0) {
      ::close(ResultPipe[0]);
      ::close(MessagePipe[0]);
      runChild(Req.Jobs[Next], Parent, ResultPipe[1], MessagePipe[1]);
    }
    if (Pid < 0)
      ioError("cannot start a process");
    ::close(ResultPipe[1]);
    ::close(MessagePipe[1]);
    if (Pid < 0) {
      ::close(ResultPipe[0]);
      ::close(MessagePipe[0]);
      return;
    }
    ::setpgid(Pid, Pid); // the child does it too: whoever comes first
    Child C;
    C.Index = Next++;
    C.Pid = Pid;
    C.Result = ResultPipe[0];
    C.Messages = MessagePipe[0];
    for (int FD : {C.Result, C.Messages})
      ::fcntl(FD, F_SETFL, O_NONBLOCK);
    if (Req.TimeLimit)
      C.Deadline = Clock::now() + std::chrono::seconds(Req.TimeLimit);
    Children.push_back(std::move(C));
  }

  void limitMemory() const {
    if (!Req.MemoryLimit || PAGEWARDEN_SHADOW_MEMORY)
      return;
    const rlim_t Bytes = rlim_t(Req.MemoryLimit) << 20;
    const rlimit Limit = {Bytes, Bytes};
    ::setrlimit(RLIMIT_AS, &Limit);
  }

  [[noreturn]] void runChild(const Job &J, pid_t Parent, int Result,
                             int Messages) const {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != Parent)
      ::_exit(1);
    sigprocmask(SIG_SETMASK, &OldMask, nullptr);
    sigaction(SIGPIPE, &OldPipe, nullptr);
    // Standard output is the parent's channel: whatever prints there must not
    // get into it.
    if (Output != STDOUT_FILENO && Output != STDERR_FILENO)
      ::close(Output);
    ::dup2(Messages, STDOUT_FILENO);
    ::dup2(Messages, STDERR_FILENO);
    const int Null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (Null > STDIN_FILENO)
      ::dup2(Null, STDIN_FILENO);
    const rlimit NoCore = {0, 0};
    ::setrlimit(RLIMIT_CORE, &NoCore);
    limitMemory();

    std::string Text;
    raw_string_ostream OS(Text);
    OS << toJSON(Analyze(J, Req.Opts));
    OS.flush();
    outs().flush();
    const bool Good = writeAll(Result, Text) == Written::All;
    // Without destructors: nothing of the parent's is this process's to end.
    ::_exit(Good ? 0 : 1);
  }

  /// Reads what is there; closes \p FD at its end.
  void drain(int &FD, std::string &Into) {
    char Buffer[1 << 16];
    while (FD >= 0) {
      ssize_t N = ::read(FD, Buffer, sizeof(Buffer));
      if (N > 0) {
        Into.append(Buffer, size_t(N));
        if (Into.size() > MaxResult)
          return;
        continue;
      }
      if (N < 0 && errno == EINTR)
        continue;
      if (N < 0 && errno == EAGAIN)
        return;
      closeFD(FD);
    }
  }

  void drain(Child &C) {
    drain(C.Result, C.ResultText);
    drain(C.Messages, C.MessageText);
    if (!Req.Opts.Verbose && C.MessageText.size() > 2 * MaxTail)
      C.MessageText.erase(0, C.MessageText.size() - MaxTail);
    const bool Excess =
        C.ResultText.size() > MaxResult || C.MessageText.size() > MaxResult;
    if (!Excess || C.TooLong)
      return;
    C.TooLong = true;
    ::kill(-C.Pid, SIGKILL);
    closeFD(C.Result);
    closeFD(C.Messages);
  }

  void killLate(Clock::time_point Now) {
    for (Child &C : Children)
      if (!C.TimedOut && Now >= C.Deadline) {
        C.TimedOut = true;
        ::kill(-C.Pid, SIGKILL);
      }
  }

  void killAll() {
    for (Child &C : Children) {
      ::kill(-C.Pid, SIGKILL);
      while (::waitpid(C.Pid, nullptr, 0) < 0 && errno == EINTR)
        ;
      closeFD(C.Result);
      closeFD(C.Messages);
    }
    Children.clear();
    returnTokens();
  }

  //===--------------------------------------------------------------------===//
  // Waiting
  //===--------------------------------------------------------------------===//

  /// Milliseconds to the next deadline, -1 when there is none.
  int timeout() const {
    auto Soonest = Clock::time_point::max();
    for (const Child &C : Children)
      if (!C.TimedOut)
        Soonest = std::min(Soonest, C.Deadline);
    if (Soonest == Clock::time_point::max())
      return -1;
    auto Left =
        std::chrono::ceil<std::chrono::milliseconds>(Soonest - Clock::now());
    return int(std::clamp<long long>(Left.count(), 0, 60'000));
  }

  void wait() {
    // Output is watched for errors only: its reader may have gone.
    SmallVector<pollfd, 16> FDs = {
        {Signals, POLLIN, 0},
        {Output, 0, 0},
        {wantsToken() ? Make.descriptor() : -1, POLLIN, 0}};
    for (const Child &C : Children) {
      FDs.push_back({C.Result, POLLIN, 0});
      FDs.push_back({C.Messages, POLLIN, 0});
    }
    if (::poll(FDs.data(), FDs.size(), timeout()) < 0 && errno != EINTR) {
      ioError("cannot wait");
      return;
    }
    takeSignals();
    if (FDs[1].revents & (POLLERR | POLLNVAL))
      stop(2);
    if (Stop)
      return;
    killLate(Clock::now());
    for (auto C = Children.begin(); C != Children.end() && !Stop;) {
      drain(*C);
      C = reap(*C) ? Children.erase(C) : std::next(C);
    }
    if (Next == Req.Jobs.size())
      returnTokens();
  }

  /// Whether \p C has ended; its result is then written.
  bool reap(Child &C) {
    int WaitStatus = 0;
    rusage Usage = {};
    pid_t Pid = ::wait4(C.Pid, &WaitStatus, WNOHANG, &Usage);
    if (Pid == 0 || (Pid < 0 && errno == EINTR))
      return false;
    ::kill(-C.Pid, SIGKILL); // whatever it left behind
    drain(C);
    FileResult Result = result(C, WaitStatus);
    Result.Seconds = seconds(Usage.ru_utime) + seconds(Usage.ru_stime);
    closeFD(C.Result);
    closeFD(C.Messages);
    if (Req.Opts.Verbose)
      errs() << C.MessageText;
    report(Result);
    return true;
  }

  FileResult result(const Child &C, int WaitStatus) const {
    const Job &J = Req.Jobs[C.Index];
    FileResult Result;
    if (!C.TimedOut && WIFEXITED(WaitStatus) && WEXITSTATUS(WaitStatus) == 0 &&
        parse(C.ResultText, Result)) {
      Result.File = J.File;
      return Result;
    }
    Result = FileResult();
    Result.File = J.File;
    Result.Status = C.TimedOut ? FileResult::TimedOut : FileResult::Crashed;
    Result.Detail = whatHappened(C, WaitStatus);
    std::string Words = lastWords(C.MessageText);
    if (!Words.empty())
      Result.Detail += ": " + Words;
    return Result;
  }

  std::string whatHappened(const Child &C, int WaitStatus) const {
    if (C.TimedOut)
      return "time limit of " + utostr(Req.TimeLimit) + " s reached";
    if (C.TooLong)
      return "its result is too long";
    if (WIFSIGNALED(WaitStatus))
      return "crashed with " + signalName(WTERMSIG(WaitStatus));
    if (WIFEXITED(WaitStatus) && WEXITSTATUS(WaitStatus))
      return "ended with status " + itostr(WEXITSTATUS(WaitStatus));
    return "ended without a result";
  }

  static bool parse(StringRef Text, FileResult &Result) {
    Expected<json::Value> V = json::parse(Text);
    if (!V) {
      consumeError(V.takeError());
      return false;
    }
    json::Path::Root Root;
    return fromJSON(*V, Result, Root);
  }

  void report(const FileResult &Result) {
    std::string Line;
    raw_string_ostream OS(Line);
    OS << toJSON(Result) << '\n';
    OS.flush();
    switch (writeAll(Output, Line)) {
    case Written::All:
      return;
    case Written::ReaderGone:
      stop(2);
      return;
    case Written::Failed:
      ioError("cannot write a result");
      return;
    }
  }

  const Request &Req;
  const AnalyzeFn &Analyze;
  const PrepareFn &Prepare;
  const int Output;
  Jobserver Make;
  std::list<Child> Children;
  size_t Next = 0;
  int Signals = -1;
  sigset_t OldMask = {};
  struct sigaction OldPipe = {};
  bool Stop = false;
  int Status = 0;
};

} // namespace

int runPool(const Request &Req, const WarmUpFn &WarmUp,
            const AnalyzeFn &Analyze, const PrepareFn &Prepare, int Output) {
  // Children inherit unwritten output otherwise, and write it again.
  outs().flush();
  errs().flush();
  if (WarmUp)
    WarmUp(Req.Opts);
  return Pool(Req, Analyze, Prepare, Output).run();
}

} // namespace pagewarden::scan
