//===- CompileDoor.h - The analysis inside an ordinary compile --*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// 'clang -fplugin=pagewarden.so -c file.c': after code was generated, in the
/// same process, with findings as compiler warnings.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_PLUGIN_COMPILEDOOR_H
#define PAGEWARDEN_PLUGIN_COMPILEDOOR_H

#include "pagewarden/Scan/Protocol.h"
#include "clang/Frontend/FrontendAction.h"

namespace pagewarden {

class CompileDoor : public clang::PluginASTAction {
protected:
  std::unique_ptr<clang::ASTConsumer>
  CreateASTConsumer(clang::CompilerInstance &CI, llvm::StringRef File) override;
  bool ParseArgs(const clang::CompilerInstance &CI,
                 const std::vector<std::string> &Args) override;
  ActionType getActionType() override { return AddAfterMainAction; }

private:
  scan::Options Opts;
  bool Gated = true;
};

} // namespace pagewarden

#endif // PAGEWARDEN_PLUGIN_COMPILEDOOR_H
