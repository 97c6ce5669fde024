//===- Progress.cpp - How far a scan is -----------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Times, and the two forms of progress.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/Progress.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace std::chrono_literals;

namespace pagewarden::scan {

std::string durationText(std::chrono::seconds Duration) {
  const auto Seconds = uint64_t(std::max<long long>(0, Duration.count()));
  if (Seconds < 60)
    return utostr(Seconds) + " s";
  if (Seconds < 3600)
    return utostr(Seconds / 60) + " min " + utostr(Seconds % 60) + " s";
  return utostr(Seconds / 3600) + " h " + utostr(Seconds / 60 % 60) + " min";
}

void Progress::show(function_ref<std::string()> Text) {
  if (TheMode == Silent)
    return;
  // A little under 10 s: the line has to be out by then.
  const auto Pause = TheMode == OneLine ? 200ms : 9s;
  const auto Now = Clock::now();
  if (Now - Last < Pause)
    return;
  Last = Now;
  if (TheMode == Lines) {
    OS << Text() << '\n';
    OS.flush();
    return;
  }
  // A line that wraps could not be rewritten.
  OS << "\r\x1b[K" << StringRef(Text()).take_front(100);
  OS.flush();
  Shown = true;
}

void Progress::clear() {
  if (!Shown)
    return;
  OS << "\r\x1b[K";
  OS.flush();
  Shown = false;
}

} // namespace pagewarden::scan
