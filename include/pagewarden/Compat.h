//===- Compat.h - What differs between LLVM versions ------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every difference between the supported LLVM versions, one inline function
/// each.  Nothing else in the tree knows LLVM's version.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_COMPAT_H
#define PAGEWARDEN_COMPAT_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/CodeGen/BackendUtil.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "clang/StaticAnalyzer/Frontend/AnalysisConsumer.h"
#include "clang/StaticAnalyzer/Frontend/CheckerRegistry.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Module.h"
#if LLVM_VERSION_MAJOR >= 22
#include "clang/Driver/CreateInvocationFromArgs.h"
#else
#include "clang/Frontend/Utils.h"
#endif
#include <memory>

namespace pagewarden::compat {

/// A fresh symbol of \p Type for the value that \p Call yields or writes.
/// \p Tag tells several values of one call apart.
inline clang::ento::DefinedOrUnknownSVal
conjure(clang::ento::CheckerContext &C, const clang::ento::CallEvent &Call,
        clang::QualType Type, const void *Tag = nullptr) {
  clang::ento::SValBuilder &Builder = C.getSValBuilder();
#if LLVM_VERSION_MAJOR >= 21
  return Builder.conjureSymbolVal(Call, Type, C.blockCount(), Tag);
#else
  return Builder.conjureSymbolVal(Tag, Call.getOriginExpr(),
                                  C.getLocationContext(), Type, C.blockCount());
#endif
}

/// Forgets what \p Region holds, as if \p Call had written it.  Checkers are
/// not told of escapes.
inline clang::ento::ProgramStateRef
invalidate(clang::ento::ProgramStateRef State,
           const clang::ento::MemRegion *Region,
           const clang::ento::CallEvent &Call, clang::ento::CheckerContext &C,
           clang::ento::RegionAndSymbolInvalidationTraits *Traits) {
#if LLVM_VERSION_MAJOR >= 21
  return State->invalidateRegions(
      Region, Call.getCFGElementRef(), C.blockCount(), C.getLocationContext(),
      /*CausesPointerEscape=*/false, nullptr, nullptr, Traits);
#else
  return State->invalidateRegions(
      Region, Call.getOriginExpr(), C.blockCount(), C.getLocationContext(),
      /*CausesPointerEscape=*/false, nullptr, nullptr, Traits);
#endif
}

/// The call of a function that \p Region is a variable of, or a part of one;
/// null where it is none.
inline const clang::StackFrameContext *
frameOf(const clang::ento::MemRegion *Region) {
#if LLVM_VERSION_MAJOR >= 21
  const auto *Space = Region->getRawMemorySpace();
#else
  const auto *Space = Region->getMemorySpace();
#endif
  const auto *Stack = llvm::dyn_cast<clang::ento::StackSpaceRegion>(Space);
  return Stack ? Stack->getStackFrame() : nullptr;
}

/// \p Region is a variable of some function, or a part of one.
inline bool isOnStack(const clang::ento::MemRegion *Region) {
  return frameOf(Region) != nullptr;
}

/// Hands \p Consumer to \p Analysis, which deletes it.
inline void addDiagnosticConsumer(
    clang::ento::AnalysisASTConsumer &Analysis,
    std::unique_ptr<clang::ento::PathDiagnosticConsumer> Consumer) {
#if LLVM_VERSION_MAJOR >= 21
  Analysis.AddDiagnosticConsumer(std::move(Consumer));
#else
  Analysis.AddDiagnosticConsumer(Consumer.release());
#endif
}

/// A diagnostics engine that reports to \p Client and owns it.
inline llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine>
createDiagnostics(clang::DiagnosticConsumer *Client) {
#if LLVM_VERSION_MAJOR >= 21
  static clang::DiagnosticOptions Options;
  return clang::CompilerInstance::createDiagnostics(
      *llvm::vfs::getRealFileSystem(), Options, Client);
#else
  return clang::CompilerInstance::createDiagnostics(
      new clang::DiagnosticOptions, Client);
#endif
}

/// A compiler instance for \p Invocation that reports to \p Client, which
/// stays the caller's.
inline std::unique_ptr<clang::CompilerInstance>
createInstance(std::shared_ptr<clang::CompilerInvocation> Invocation,
               clang::DiagnosticConsumer *Client) {
#if LLVM_VERSION_MAJOR >= 21
  auto Instance = std::make_unique<clang::CompilerInstance>(Invocation);
  Instance->setVirtualFileSystem(llvm::vfs::getRealFileSystem());
  Instance->createDiagnostics(Client, /*ShouldOwnClient=*/false);
#else
  auto Instance = std::make_unique<clang::CompilerInstance>();
  Instance->setInvocation(std::move(Invocation));
  Instance->createDiagnostics(Client, /*ShouldOwnClient=*/false);
#endif
  return Instance;
}

/// The text of an asm() outside of functions.
inline std::string asmText(const clang::FileScopeAsmDecl &Asm) {
#if LLVM_VERSION_MAJOR >= 21
  return Asm.getAsmString();
#else
  return Asm.getAsmString()->getString().str();
#endif
}

/// Writes the object that the backend makes of \p Module to \p OS.
inline void emitObject(clang::CompilerInstance &CI,
                       clang::CodeGenOptions &Options, llvm::Module &Module,
                       std::unique_ptr<llvm::raw_pwrite_stream> OS) {
  const llvm::StringRef Layout = CI.getTarget().getDataLayoutString();
  auto Files = CI.getFileManager().getVirtualFileSystemPtr();
#if LLVM_VERSION_MAJOR >= 21
  clang::emitBackendOutput(CI, Options, Layout, &Module, clang::Backend_EmitObj,
                           Files, std::move(OS));
#else
  clang::EmitBackendOutput(CI.getDiagnostics(), CI.getHeaderSearchOpts(),
                           Options, CI.getTargetOpts(), CI.getLangOpts(),
                           Layout, &Module, clang::Backend_EmitObj, Files,
                           std::move(OS));
#endif
}

/// Says what machine the code of \p Module is for.
inline void setTarget(llvm::Module &Module, const clang::TargetInfo &Target) {
  Module.setDataLayout(Target.getDataLayoutString());
#if LLVM_VERSION_MAJOR >= 21
  Module.setTargetTriple(Target.getTriple());
#else
  Module.setTargetTriple(Target.getTriple().str());
#endif
}

} // namespace pagewarden::compat

#endif // PAGEWARDEN_COMPAT_H
