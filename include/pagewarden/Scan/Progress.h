//===- Progress.h - How far a scan is ------------------------- -*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// On a terminal one line that is rewritten, elsewhere a line every 10 s, so
/// that no log is silent for longer.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_SCAN_PROGRESS_H
#define PAGEWARDEN_SCAN_PROGRESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <string>

namespace pagewarden::scan {

/// "45 s", "1 min 10 s", "2 h 5 min".
std::string durationText(std::chrono::seconds Duration);

class Progress {
public:
  enum Mode { Silent, Lines, OneLine };
  Progress(llvm::raw_ostream &OS, Mode TheMode)
      : OS(OS), TheMode(TheMode), Last(Clock::now()) {}
  ~Progress() { clear(); }
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// Shows what \p Text makes, when it is time to.  \p Text is called only
  /// then, so this may be called as often as one likes.
  void show(llvm::function_ref<std::string()> Text);

  /// Removes the line on a terminal: something else is going to be printed.
  void clear();

private:
  using Clock = std::chrono::steady_clock;
  llvm::raw_ostream &OS;
  const Mode TheMode;
  Clock::time_point Last;
  bool Shown = false;
};

} // namespace pagewarden::scan

#endif // PAGEWARDEN_SCAN_PROGRESS_H
