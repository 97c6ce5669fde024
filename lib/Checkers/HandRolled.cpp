//===- HandRolled.cpp - Page pinning of a module's own --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// linux.export.HandRolled.  Rules, for modules outside the kernel's tree:
///
/// - A walk down a page table, over at least two levels, that ends in a
///   reference to a page found there.  That is get_user_pages() without its
///   locks, its rules for device pages, and its accounting.  Each function on
///   the way goes down a level itself; a walk is reported once, where it takes
///   the page.
/// - A structure with the name and the fields of one that the kernel keeps to
///   itself: a copy, which fits one kernel.
/// - A function with the name of one that the kernel keeps to itself, and with
///   the same kind of object: a copy of the page allocator's or of GUP's.
/// - The fields that only the page allocator may touch.
///
/// Not handled: copies under other names; walks through functions that go down
/// no level themselves, and by indirect calls.
///
//===----------------------------------------------------------------------===//

#include "ExportFacts.h"
#include "Marked.h"
#include "pagewarden/Engine/Groundwork.h"
#include "clang/AST/ASTContext.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace ento;

namespace pagewarden {

namespace {

/// So many fields in common make a structure a copy.
constexpr size_t FieldsOfCopy = 3;

/// What one function does to a page table.
struct Steps {
  llvm::SmallVector<const CallExpr *, 4> Levels; ///< calls that go down
  const CallExpr *Take = nullptr;                ///< after the first of them
  llvm::SmallVector<const FunctionDecl *, 4> Callees; ///< of the same file
};

/// A walk, from the function where it starts.
struct Walk {
  const CallExpr *Start = nullptr, *Take = nullptr;
  const FunctionDecl *In = nullptr; ///< that takes
  size_t Levels = 0;
};

class HandRolled : public Checker<check::ASTDecl<TranslationUnitDecl>> {
public:
  const ExportFacts *Facts = nullptr;
  const Groundwork *Ground = nullptr;

  void checkASTDecl(const TranslationUnitDecl *TU, AnalysisManager &Mgr,
                    BugReporter &BR) const;

private:
  using StepsOf = llvm::DenseMap<const FunctionDecl *, Steps>;

  Steps stepsIn(const FunctionDecl *Fn, const Marked &Marks) const;
  void judgeWalks(llvm::ArrayRef<const FunctionDecl *> Functions,
                  const Marked &Marks, BugReporter &BR) const;
  void judgeRecord(const RecordDecl *Record, const Marked &Marks,
                   BugReporter &BR) const;
  void judgeName(const FunctionDecl *Fn, const Marked &Marks,
                 BugReporter &BR) const;
  void judgeFields(const FunctionDecl *Fn, const Marked &Marks,
                   BugReporter &BR) const;
  void report(const Decl *Where, SourceLocation Loc, const llvm::Twine &Message,
              BugReporter &BR, const CallExpr *Start = nullptr) const;

  const BugType Type{this, "page-table walk that takes pages", "Linux exports"};
};

} // namespace

void HandRolled::report(const Decl *Where, SourceLocation Loc,
                        const llvm::Twine &Message, BugReporter &BR,
                        const CallExpr *Start) const {
  const SourceManager &SM = BR.getSourceManager();
  auto Report = std::make_unique<BasicBugReport>(
      Type, Message.str(), PathDiagnosticLocation(SM.getExpansionLoc(Loc), SM));
  Report->setDeclWithIssue(Where);
  if (Start)
    Report->addNote(
        "the walk starts here",
        PathDiagnosticLocation(SM.getExpansionLoc(Start->getBeginLoc()), SM));
  BR.emitReport(std::move(Report));
}

//===----------------------------------------------------------------------===//
// Walks
//===----------------------------------------------------------------------===//

Steps HandRolled::stepsIn(const FunctionDecl *Fn, const Marked &Marks) const {
  Steps Result;
  for (const CallExpr *Call : callsIn(Fn->getBody())) {
    if (Marks.find("walks-page-table", Call))
      Result.Levels.push_back(Call);
    else if (Marks.find("takes-page", Call))
      Result.Take = Result.Levels.empty() || Result.Take ? Result.Take : Call;
    else if (const FunctionDecl *Callee = Call->getDirectCallee())
      if (const FunctionDecl *Body = Callee->getDefinition())
        Result.Callees.push_back(Body);
  }
  return Result;
}

/// Follows functions that all go down, in one way out of \p Fn.
static std::optional<Walk>
findWalk(const FunctionDecl *Fn,
         const llvm::DenseMap<const FunctionDecl *, Steps> &Of,
         llvm::StringSet<> Levels, const CallExpr *Start,
         llvm::SmallPtrSet<const FunctionDecl *, 8> &Seen) {
  auto It = Of.find(Fn);
  if (It == Of.end() || It->second.Levels.empty() || !Seen.insert(Fn).second)
    return std::nullopt;
  const Steps &S = It->second;
  for (const CallExpr *Call : S.Levels)
    Levels.insert(Call->getDirectCallee()->getName());
  Start = Start ? Start : S.Levels.front();
  if (S.Take && Levels.size() > 1)
    return Walk{Start, S.Take, Fn, Levels.size()};
  for (const FunctionDecl *Callee : S.Callees)
    if (auto Found = findWalk(Callee, Of, Levels, Start, Seen))
      return Found;
  return std::nullopt;
}

void HandRolled::judgeWalks(llvm::ArrayRef<const FunctionDecl *> Functions,
                            const Marked &Marks, BugReporter &BR) const {
  StepsOf Of;
  for (const FunctionDecl *Fn : Functions)
    Of[Fn] = stepsIn(Fn, Marks);
  // Of the ways to one place the longest.
  llvm::MapVector<const CallExpr *, Walk> Longest;
  for (const FunctionDecl *Fn : Functions) {
    llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
    if (std::optional<Walk> Found = findWalk(Fn, Of, {}, nullptr, Seen)) {
      Walk &Known = Longest[Found->Take];
      if (Found->Levels > Known.Levels)
        Known = *Found;
    }
  }
  for (const auto &[Take, Found] : Longest)
    report(Found.In, Take->getBeginLoc(),
           "page found in a page table and taken by hand; the functions that "
           "pin user pages do this with their locks and their accounting",
           BR, Found.Start);
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

void HandRolled::judgeRecord(const RecordDecl *Record, const Marked &Marks,
                             BugReporter &BR) const {
  if (!Record->isThisDeclarationADefinition() || !Record->getIdentifier())
    return;
  const model::Mark *Mark = Marks.find("private-struct", Record->getName());
  if (!Mark || isInKernelHeader(Record, Facts->unit()))
    return;
  const size_t Alike = llvm::count_if(Mark->With, [&](llvm::StringRef Field) {
    return llvm::any_of(Record->fields(), [&](const FieldDecl *Own) {
      return Own->getName() == Field;
    });
  });
  if (Alike < std::min(FieldsOfCopy, Mark->With.size()))
    return;
  report(Record, Record->getLocation(),
         "'struct " + Record->getName() + "' is private to " + Mark->Text +
             "; a copy of it fits one kernel, and others only by chance",
         BR);
}

/// Whether \p Type leads, through pointers, to a structure that \p Names has.
static bool leadsTo(QualType Type, llvm::ArrayRef<std::string> Names) {
  while (Type->isPointerType())
    Type = Type->getPointeeType();
  const auto *Record = Type->getAsRecordDecl();
  return Record && Record->getIdentifier() &&
         llvm::is_contained(Names, Record->getName());
}

void HandRolled::judgeName(const FunctionDecl *Fn, const Marked &Marks,
                           BugReporter &BR) const {
  if (!Fn->getIdentifier())
    return;
  const model::Mark *Mark = Marks.find("private-function", Fn->getName());
  if (!Mark || llvm::none_of(Fn->parameters(), [&](const ParmVarDecl *P) {
        return leadsTo(P->getType(), Mark->With);
      }))
    return;
  report(Fn, Fn->getLocation(),
         "'" + Fn->getName() + "' is private to " + Mark->Text +
             "; a copy of it goes on as it was when the kernel's changes",
         BR);
}

void HandRolled::judgeFields(const FunctionDecl *Fn, const Marked &Marks,
                             BugReporter &BR) const {
  const MemberExpr *First = nullptr;
  const model::Mark *Mark = nullptr;
  forEachStmt(Fn->getBody(), [&](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    const auto *Field =
        Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    if (First || !Field || !isInKernelHeader(Field, Facts->unit()))
      return;
    Mark = Marks.find("private-field", Field);
    First = Mark ? Member : nullptr;
  });
  if (First)
    report(Fn, First->getMemberLoc(),
           "'" + First->getMemberDecl()->getName() + "' is private to " +
               Mark->Text + ", which changes it under locks of its own",
           BR);
}

void HandRolled::checkASTDecl(const TranslationUnitDecl *TU,
                              AnalysisManager &Mgr, BugReporter &BR) const {
  if (!Facts->unit().IsModule || !Facts->unit().IsOutOfTree)
    return;
  const Marked Marks(Ground->index().model());
  const std::vector<const FunctionDecl *> Functions = ownFunctions(TU);
  judgeWalks(Functions, Marks, BR);
  for (const Decl *D : TU->decls())
    if (const auto *Record = dyn_cast<RecordDecl>(D))
      judgeRecord(Record, Marks, BR);
  for (const FunctionDecl *Fn : Functions) {
    judgeName(Fn, Marks, BR);
    judgeFields(Fn, Marks, BR);
  }
}

void registerHandRolled(CheckerManager &Mgr) {
  auto *Check = Mgr.registerChecker<HandRolled>();
  Check->Facts = &exportFacts(Mgr);
  Check->Ground = &groundworkOf(Mgr);
}

} // namespace pagewarden
