//===- OwnExports.cpp - What a file exports to modules --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Facts/OwnExports.h"
#include "pagewarden/Compat.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <deque>

using namespace clang;

namespace pagewarden {

static llvm::StringRef takeName(llvm::StringRef Text) {
  return Text.take_while(
      [](char C) { return isAsciiIdentifierContinue(C, true); });
}

/// "__export_symbol_NAME: ... .asciz "GPL" ..."
static bool readNote(llvm::StringRef Text, ExportLine &E) {
  static constexpr llvm::StringLiteral Label = "__export_symbol_";
  const size_t At = Text.find(Label);
  if (At == llvm::StringRef::npos)
    return false;
  Text = Text.drop_front(At + Label.size());
  E.Symbol = takeName(Text).str();
  E.GplOnly = Text.split('"').second.starts_with("GPL\"");
  return !E.Symbol.empty();
}

/// "___ksymtab_gpl+NAME", the section of a table entry.
static bool readSection(llvm::StringRef Text, ExportLine &E) {
  static constexpr llvm::StringLiteral Section = "___ksymtab";
  const size_t At = Text.find(Section);
  if (At == llvm::StringRef::npos)
    return false;
  Text = Text.drop_front(At + Section.size());
  E.GplOnly = Text.consume_front("_gpl");
  if (!Text.consume_front("+"))
    return false;
  E.Symbol = takeName(Text).str();
  return !E.Symbol.empty();
}

std::vector<ExportLine> readOwnExports(const TranslationUnitDecl *TU) {
  std::vector<ExportLine> Result;
  const SourceManager &SM = TU->getASTContext().getSourceManager();
  for (const Decl *D : TU->decls()) {
    ExportLine E;
    E.Loc = SM.getExpansionLoc(D->getLocation());
    if (const auto *Asm = dyn_cast<FileScopeAsmDecl>(D)) {
      const std::string Text = compat::asmText(*Asm);
      if (readNote(Text, E) || readSection(Text, E))
        Result.push_back(std::move(E));
    } else if (const auto *Section = D->getAttr<SectionAttr>()) {
      if (readSection(Section->getName(), E))
        Result.push_back(std::move(E));
    }
  }
  return Result;
}

namespace {
/// The references in a function's body.
class Collector : public RecursiveASTVisitor<Collector> {
public:
  llvm::SmallVector<const DeclRefExpr *, 8> Refs;

  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (isa<FunctionDecl, VarDecl>(Ref->getDecl()))
      Refs.push_back(Ref);
    return true;
  }
  bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *,
                                        DataRecursionQueue * = nullptr) {
    return true;
  }
  bool TraverseTypeOfExprTypeLoc(TypeOfExprTypeLoc, bool = true) {
    return true;
  }
};
} // namespace

/// A function with a symbol of its own keeps what it needs to itself.
static bool isPartOfCaller(const FunctionDecl *Fn) {
  return Fn->isInlineSpecified() || !Fn->isExternallyVisible();
}

std::vector<ReferenceStep> wayTo(const FunctionDecl *Fn,
                                 llvm::StringRef Symbol) {
  Fn = Fn->getDefinition();
  if (!Fn)
    return {};
  // Breadth first, remembering where each function was reached from.
  llvm::DenseMap<const FunctionDecl *, ReferenceStep> ReachedBy;
  std::deque<const FunctionDecl *> Work = {Fn};
  ReachedBy[Fn] = {nullptr, nullptr};
  while (!Work.empty()) {
    const FunctionDecl *At = Work.front();
    Work.pop_front();
    Collector Found;
    Found.TraverseStmt(At->getBody());
    for (const DeclRefExpr *Ref : Found.Refs) {
      if (Ref->getDecl()->getName() == Symbol) {
        std::vector<ReferenceStep> Way = {{At, Ref}};
        for (ReferenceStep S = ReachedBy[At]; S.From; S = ReachedBy[S.From])
          Way.insert(Way.begin(), S);
        return Way;
      }
      const auto *Next = dyn_cast<FunctionDecl>(Ref->getDecl());
      Next = Next ? Next->getDefinition() : nullptr;
      if (Next && Next->getBody() && isPartOfCaller(Next) &&
          ReachedBy.try_emplace(Next, ReferenceStep{At, Ref}).second)
        Work.push_back(Next);
    }
  }
  return {};
}

} // namespace pagewarden
