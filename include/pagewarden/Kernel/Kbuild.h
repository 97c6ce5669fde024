//===- Kbuild.h - Compile commands out of a kernel tree ---------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Asks kbuild how it would compile each file, without compiling any.  This is
/// the one place where pagewarden runs make.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_KERNEL_KBUILD_H
#define PAGEWARDEN_KERNEL_KBUILD_H

#include "pagewarden/Kernel/CompileDatabase.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace pagewarden::kernel {

struct KbuildOptions {
  /// A source tree built in place, or a build folder (O=), configured and
  /// prepared.
  std::string Tree;
  /// Folder of one external module; empty for the kernel itself.
  std::string Module;
  /// clang-N is used although the tree names another clang; 0 to obey the
  /// tree.
  unsigned Llvm = 0;
  /// "NAME=VALUE" each: more variables on make's command line.
  std::vector<std::string> Variables;
  /// Called about every two seconds with the number of commands so far.  May
  /// be null.
  llvm::function_ref<void(size_t)> Progress = nullptr;
};

/// The objects that kbuild links into one module (scripts/Makefile.build,
/// cmd_mod and cmd_ld_multi_m).
struct ModuleParts {
  std::string Name; ///< of the .ko, without folder
  /// Absolute, in kbuild's order.  Those that come without source have no
  /// compile command.
  std::vector<std::string> Objects;
};

struct KbuildSummary {
  size_t FromDryRun = 0;
  /// Objects that are built already, from their .cmd files.
  size_t FromBuilt = 0;
  /// Sources that a build makes and a dry run does not; left out.
  size_t NotGenerated = 0;
  /// Modules of an external module's folder.
  std::vector<ModuleParts> Modules;
  /// How files in assembly language are compiled.
  std::vector<CompileCommand> Assembly;
  /// The compiler that make was told to use.
  std::string Compiler;
  /// What the user should know and act on; one line each.
  std::vector<std::string> Warnings;
};

/// "NAME=VALUE", with a name that make takes for no option.
bool isMakeVariable(llvm::StringRef Text);

/// The object of \p C, absolute and without dots.
std::string objectPath(const CompileCommand &C);

/// The compile commands of \p Options.Tree in the order kbuild has them, those
/// of built objects last.  Only C that becomes part of the kernel or a module:
/// no host tools, no assembly.  Errors say what is missing and which command
/// makes it.
llvm::Expected<CompileDatabase> fromKbuild(const KbuildOptions &Options,
                                           KbuildSummary &Summary);

} // namespace pagewarden::kernel

#endif // PAGEWARDEN_KERNEL_KBUILD_H
