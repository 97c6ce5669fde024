//===- Audit.h - Judging the exports of a kernel --------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules over a whole tree: the criteria for export types that kernel
/// developers have put forward (docs/export-criteria.md), each with numbers.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_AUDIT_H
#define PAGEWARDEN_AUDIT_AUDIT_H

#include "pagewarden/Audit/Baseline.h"
#include "pagewarden/Audit/Calls.h"
#include "pagewarden/Audit/Uses.h"
#include "pagewarden/Findings/Finding.h"
#include "pagewarden/Kernel/SourceExports.h"
#include "pagewarden/Model/Model.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pagewarden::audit {

/// One exported name, with every place that exports it.
struct Symbol {
  llvm::StringRef Name;
  /// At least one; those in files of its families first.
  std::vector<const kernel::SourceExport *> Exports;
  bool GplOnly = true; ///< wherever it is exported
  /// Families that it is a member of.
  std::vector<const model::SymbolFamily *> Families;

  const kernel::SourceExport &first() const { return *Exports.front(); }
  bool isIn(const model::SymbolFamily &F) const;
};

/// How many of some exports are GPL-only.
struct Share {
  unsigned GplOnly = 0, All = 0;
  unsigned plain() const { return All - GplOnly; }
};

/// One thing that speaks for a change of the export, or against one.
struct Argument {
  std::string Criterion; ///< "C9"
  std::string Text;      ///< with its numbers
  Location Loc;          ///< may be empty
};

/// What a rule says about a symbol.
struct Judgement {
  const Symbol *Subject = nullptr;
  Finding TheFinding; ///< without notes
  std::vector<Argument> For, Against;
  std::string Recommendation;
  /// Why the model allows it (the allow-list); empty: it does not.
  std::string Allowed;

  /// The finding with its arguments as notes, for the sinks.
  Finding withNotes() const;
};

struct AuditOptions {
  /// Names of families to judge; empty: all of the model's.
  std::vector<std::string> Families;
  bool EveryExport = false; ///< not only members of families
  std::string Architecture; ///< "x86": exports of other ones are left alone
  /// Folders with code of modules that are in no tree, for their uses.
  std::vector<std::string> OutOfTree;
};

/// A tree and all that the rules ask of it.
class Subject {
public:
  static llvm::Expected<std::unique_ptr<Subject>>
  read(llvm::StringRef Path, const model::Model &M, const AuditOptions &Opts);

  /// Other kernels, oldest first.
  std::vector<Baseline> Baselines;

  const kernel::SourceTree &tree() const { return *Tree; }
  const model::Model &model() const { return M; }
  const kernel::SourceExports &exports() const { return Exports; }
  const std::vector<Symbol> &symbols() const { return Symbols; }
  const Symbol *find(llvm::StringRef Name) const;
  /// Whether \p S is to be judged by rules about members of families.
  bool inScope(const Symbol &S) const;
  bool isExport(llvm::StringRef Name) const { return find(Name); }

  /// What \p B has of \p S: under its name, or under another one that headers
  /// of this tree define by it and that nothing here exports any more.  (6.12
  /// has a macro __alloc_pages() around its export __alloc_pages_noprof().)
  /// What was GPL-only under another name is not the same plain.
  const Entry *earlier(const Baseline &B, const Symbol &S) const;
  /// Whether there are baselines, and none has \p S.
  bool isNew(const Symbol &S) const;

  /// The uses of \p S by others than those that export it.
  UsesOf usesOf(const Symbol &S) const;
  const UseIndex &uses() const { return Uses; }
  CallGraph &calls() const { return *Calls; }

  Share inFile(llvm::StringRef File) const;
  Share inFamily(const model::SymbolFamily &F) const;
  kernel::Owner ownerOf(llvm::StringRef File) const {
    return Modules.ownerOf(File);
  }

  /// Exported for the sake of an inline function that much code uses: judging
  /// the symbol would judge that code.
  bool serves(const Symbol &S, std::string &Inline) const;

private:
  Subject(const model::Model &M, const AuditOptions &Opts) : M(M), Opts(Opts) {}
  void gather();

  const model::Model &M;
  AuditOptions Opts;
  std::optional<kernel::SourceTree> Tree;
  kernel::SourceExports Exports;
  kernel::ModuleMap Modules;
  std::vector<Symbol> Symbols; ///< by name
  llvm::StringMap<size_t> Index;
  UseIndex Uses;
  std::unique_ptr<CallGraph> Calls;
};

/// Runs the rule \p Name ("Family"); its judgements in order of place.
std::vector<Judgement> judge(llvm::StringRef Name, const Subject &S);

// One file each; registered in Rules.cpp by the rows of Checks.def.
void judgeFamily(const Subject &S, std::vector<Judgement> &Out);
void judgeDeepTie(const Subject &S, std::vector<Judgement> &Out);
void judgeNewExport(const Subject &S, std::vector<Judgement> &Out);
void judgeUnused(const Subject &S, std::vector<Judgement> &Out);
void judgeOneUser(const Subject &S, std::vector<Judgement> &Out);
void judgeContradiction(const Subject &S, std::vector<Judgement> &Out);

//===----------------------------------------------------------------------===//
// What rules share
//===----------------------------------------------------------------------===//

/// A judgement of the rule \p Rule about \p S, at its first export.
Judgement about(const Subject &In, const Symbol &S, llvm::StringRef Rule,
                const llvm::Twine &Message);

/// Adds what is true of any export: who uses it, what other kernels have, how
/// its signature changed, what lock it needs.
void addFacts(const Subject &In, Judgement &J);

/// "10 of 11 exports of mm/memory_hotplug.c are GPL-only"
std::string inWords(const Share &S, llvm::StringRef Of, bool GplOnly);

/// "a.c:3, b.c:7 and 2 more"
std::string places(llvm::ArrayRef<Use> Uses, size_t AtMost = 3);

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_AUDIT_H
