//===- UnitContext.cpp - What a unit says of its module -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Facts/UnitContext.h"
#include "pagewarden/Kernel/Symvers.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace pagewarden {

const DeclaredLicense *UnitContext::incompatible() const {
  for (const DeclaredLicense &L : Licenses)
    if (!kernel::isGplCompatible(L.Text))
      return &L;
  return nullptr;
}

std::string plainPath(llvm::StringRef File, llvm::StringRef Folder) {
  llvm::SmallString<256> Path;
  if (!llvm::sys::path::is_absolute(File))
    Path = Folder;
  llvm::sys::path::append(Path, File);
  (void)llvm::sys::fs::make_absolute(Path);
  llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

std::vector<ModInfo> modInfoOf(const TranslationUnitDecl *TU) {
  std::vector<ModInfo> Result;
  for (const Decl *D : TU->decls()) {
    const auto *Var = dyn_cast<VarDecl>(D);
    const auto *Section = Var ? Var->getAttr<SectionAttr>() : nullptr;
    if (!Section || Section->getName() != ".modinfo" || !Var->getInit())
      continue;
    const auto *Text =
        dyn_cast<StringLiteral>(Var->getInit()->IgnoreParenImpCasts());
    if (Text && Text->isOrdinary())
      Result.push_back({Text->getString(), Var});
  }
  return Result;
}

static void readModInfo(const TranslationUnitDecl *TU, UnitContext &Unit) {
  for (const ModInfo &Info : modInfoOf(TU)) {
    Unit.IsModule |= Info.isOfModule();
    const llvm::StringRef Read = Info.read();
    if (Info.Text.starts_with("license="))
      Unit.Licenses.push_back({Read.split('=').second.str(), Info.Where,
                               Read.size() != Info.Text.size()});
    else if (Info.Text.starts_with("import_ns="))
      Unit.ImportedNamespaces.push_back(Read.split('=').second.str());
  }
}

/// Every file of a kernel includes this header first.
static std::string kernelSource(const SourceManager &SM) {
  static constexpr llvm::StringLiteral First = "include/linux/kconfig.h";
  for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It) {
    llvm::StringRef Name = It->first.getName();
    if (Name.consume_back(First))
      return plainPath(Name.empty() ? "." : Name);
  }
  return "";
}

static bool isBelow(llvm::StringRef File, llvm::StringRef Folder) {
  return File.consume_front(Folder) && File.starts_with("/");
}

static bool isDefined(const Preprocessor &PP, llvm::StringRef Macro) {
  const IdentifierInfo *Id = PP.getIdentifierInfo(Macro);
  return Id && Id->hasMacroDefinition();
}

bool hasModuleNamespaces(const Preprocessor &PP) {
  return isDefined(PP, "EXPORT_SYMBOL_FOR_MODULES");
}

bool isForGcc(const Preprocessor &PP) {
  return isDefined(PP, "CONFIG_CC_IS_GCC");
}

UnitContext readUnitContext(ASTContext &Ctx, const Preprocessor &PP) {
  const SourceManager &SM = Ctx.getSourceManager();
  UnitContext Unit;
  readModInfo(Ctx.getTranslationUnitDecl(), Unit);
  Unit.IsModule |= isDefined(PP, "MODULE");
  Unit.HasModuleNamespaces = hasModuleNamespaces(PP);
  Unit.SpeaksForModule = !Unit.Licenses.empty();
  Unit.KernelSource = kernelSource(SM);
  const PresumedLoc Main =
      SM.getPresumedLoc(SM.getLocForStartOfFile(SM.getMainFileID()));
  Unit.IsOutOfTree = !Unit.KernelSource.empty() && Main.isValid() &&
                     !isBelow(plainPath(Main.getFilename()), Unit.KernelSource);
  return Unit;
}

bool isInKernelHeader(const Decl *D, const UnitContext &Unit) {
  const SourceManager &SM = D->getASTContext().getSourceManager();
  const PresumedLoc Loc =
      SM.getPresumedLoc(SM.getExpansionLoc(D->getLocation()));
  return !Unit.KernelSource.empty() && Loc.isValid() &&
         isBelow(plainPath(Loc.getFilename()), Unit.KernelSource);
}

} // namespace pagewarden
