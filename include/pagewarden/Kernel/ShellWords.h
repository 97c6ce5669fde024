//===- ShellWords.h - Reading shell text without a shell --------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Splits text into words as a POSIX shell does (XCU 2.2, 2.3), without any
/// expansion: '$', '*' and '`' stand for themselves.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_SHELLWORDS_H
#define PAGEWARDEN_KERNEL_SHELLWORDS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace pagewarden::kernel {

/// The words of \p Text.  None when a quote is not closed.  Operators such as
/// ';' are ordinary characters here.
std::optional<std::vector<std::string>> splitWords(llvm::StringRef Text);

/// Calls \p Visit with the words of each simple command in the shell program
/// \p Text: ';', '&', '|', '(', ')' and line ends separate commands and are in
/// no word.  What is quoted stays inside its word, so a command that is only
/// printed is not a command here.  Stops at a quote that is not closed.
void forEachCommand(llvm::StringRef Text,
                    llvm::function_ref<void(std::vector<std::string> &)> Visit);

/// \p Words as text that a POSIX shell splits into \p Words again.
std::string quoteWords(const std::vector<std::string> &Words);

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_SHELLWORDS_H
