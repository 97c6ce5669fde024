//===- FindingConsumer.cpp - From clang's reports to findings -------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FindingConsumer.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Checkers/Registry.h"
#include "pagewarden/Engine/PrepareAST.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

static Location presumed(SourceLocation Loc, const SourceManager &SM) {
  PresumedLoc P = SM.getPresumedLoc(SM.getExpansionLoc(Loc));
  if (P.isInvalid())
    return {};
  return {P.getFilename(), P.getLine(), P.getColumn()};
}

static bool isOurs(llvm::StringRef Check) {
  return llvm::any_of(AllChecks, [&](const CheckInfo &Info) {
    return Info.fullName() == Check;
  });
}

/// A branch of our own making says nothing to a reader.
static bool isNoise(const PathDiagnosticPiece &Piece) {
  return isOpaqueBranch(Piece.getLocation().asStmt());
}

static void addPath(const PathPieces &Pieces, unsigned Depth,
                    CompilerFinding &F, const SourceManager &SM) {
  for (const PathDiagnosticPieceRef &Piece : Pieces) {
    if (const auto *Call = dyn_cast<PathDiagnosticCallPiece>(Piece.get())) {
      addPath(Call->path, Depth + 1, F, SM);
      continue;
    }
    if (const auto *Macro = dyn_cast<PathDiagnosticMacroPiece>(Piece.get())) {
      addPath(Macro->subPieces, Depth, F, SM);
      continue;
    }
    if (isa<PathDiagnosticNotePiece>(Piece.get())) {
      SourceLocation Loc = Piece->getLocation().asLocation();
      F.Text.Notes.push_back({presumed(Loc, SM), Piece->getString().str()});
      F.Notes.push_back(SM.getExpansionLoc(Loc));
      continue;
    }
    if (!isa<PathDiagnosticEventPiece>(Piece.get()) || isNoise(*Piece))
      continue;
    SourceLocation Loc = Piece->getLocation().asLocation();
    F.Text.Path.push_back({presumed(Loc, SM), Piece->getString().str(), Depth});
    F.Path.push_back(SM.getExpansionLoc(Loc));
  }
}

/// Remarks that a check made outside the path.
static void addNotes(const PathPieces &Pieces, CompilerFinding &F,
                     const SourceManager &SM) {
  for (const PathDiagnosticPieceRef &Piece : Pieces) {
    if (!isa<PathDiagnosticNotePiece>(Piece.get()))
      continue;
    SourceLocation Loc = Piece->getLocation().asLocation();
    F.Text.Notes.push_back({presumed(Loc, SM), Piece->getString().str(), 0});
    F.Notes.push_back(SM.getExpansionLoc(Loc));
  }
}

static std::string functionName(const PathDiagnostic &D) {
  const Decl *Where =
      D.getUniqueingDecl() ? D.getUniqueingDecl() : D.getDeclWithIssue();
  const auto *Named = dyn_cast_or_null<NamedDecl>(Where);
  return Named ? Named->getNameAsString() : "";
}

void FindingConsumer::FlushDiagnosticsImpl(
    std::vector<const PathDiagnostic *> &Diags, FilesMade *) {
  for (const PathDiagnostic *D : Diags) {
    if (!isOurs(D->getCheckerName()))
      continue;
    const SourceManager &SM = D->getLocation().getManager();
    CompilerFinding F;
    F.Loc = SM.getExpansionLoc(D->getLocation().asLocation());
    F.Text.Check = D->getCheckerName().str();
    F.Text.Message = D->getShortDescription().str();
    F.Text.Loc = presumed(F.Loc, SM);
    F.Text.Function = functionName(*D);
    F.Text.Remark = D->getCategory().ends_with(RemarkSuffix);
    addPath(D->path, 0, F, SM);
    addNotes(D->path, F, SM);
    if (F.Text.Path.size() == 1) { // the report itself, no path to show
      F.Text.Path.clear();
      F.Path.clear();
    }
    Out.push_back(std::move(F));
  }
}

} // namespace pagewarden
