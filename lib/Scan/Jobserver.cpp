//===- Jobserver.cpp - How many jobs make lets run ------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The pipe is opened once more through /proc: to read without waiting is then
/// a matter of this process alone, and make's own end stays as it is.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/Jobserver.h"
#include "llvm/ADT/SmallVector.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace pagewarden::scan {

/// What stands behind --jobserver-auth=, or -fds= before make 4.2; the last
/// one counts.
static StringRef authOf(StringRef MakeFlags) {
  StringRef Auth;
  SmallVector<StringRef, 8> Words;
  MakeFlags.split(Words, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef Word : Words)
    if (Word.consume_front("--jobserver-auth=") ||
        Word.consume_front("--jobserver-fds="))
      Auth = Word;
  return Auth;
}

static bool isPipe(const std::string &Path) {
  struct stat S;
  return ::stat(Path.c_str(), &S) == 0 && S_ISFIFO(S.st_mode);
}

Jobserver::Jobserver(StringRef MakeFlags) {
  StringRef Auth = authOf(MakeFlags);
  std::string Read, Write;
  if (Auth.consume_front("fifo:")) {
    Read = Write = Auth.str();
  } else {
    auto [In, Out] = Auth.split(',');
    int InFD = -1, OutFD = -1;
    if (In.getAsInteger(10, InFD) || Out.getAsInteger(10, OutFD) || InFD < 0 ||
        OutFD < 0)
      return;
    Read = "/proc/self/fd/" + std::to_string(InFD);
    Write = "/proc/self/fd/" + std::to_string(OutFD);
  }
  if (!isPipe(Read) || !isPipe(Write))
    return;
  From = ::open(Read.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  To = ::open(Write.c_str(), O_WRONLY | O_CLOEXEC);
  if (From >= 0 && To >= 0)
    return;
  if (From >= 0)
    ::close(From);
  if (To >= 0)
    ::close(To);
  From = To = -1;
}

Jobserver::~Jobserver() {
  while (held())
    giveBack();
  if (From >= 0)
    ::close(From);
  if (To >= 0)
    ::close(To);
}

bool Jobserver::take() {
  char Token;
  if (From < 0 || ::read(From, &Token, 1) != 1)
    return false;
  Tokens += Token;
  return true;
}

void Jobserver::giveBack() {
  if (Tokens.empty())
    return;
  const char Token = Tokens.back();
  Tokens.pop_back();
  while (::write(To, &Token, 1) < 0 && errno == EINTR)
    ;
}

} // namespace pagewarden::scan
