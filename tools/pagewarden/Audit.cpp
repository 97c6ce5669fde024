//===- Audit.cpp - pagewarden audit ---------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The export policy of a kernel tree, and what changed between two kernels.
///
//===----------------------------------------------------------------------===//

#include "Command.h"
#include "pagewarden/Audit/Report.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <map>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::audit;
using namespace pagewarden::tool;

static int runAudit();
static Command AuditCommand("audit", "judge the exports of a kernel's source",
                            runAudit);

static cl::OptionCategory AuditOptionsCategory("Options of audit");
static cl::list<std::string> Paths(cl::Positional, cl::desc("TREE"),
                                   cl::sub(AuditCommand),
                                   cl::cat(AuditOptionsCategory));
static cl::list<std::string>
    BaselinePaths("baseline",
                  cl::desc("an earlier kernel to compare with; repeatable, "
                           "oldest first"),
                  cl::value_desc("TREE|Module.symvers"), cl::sub(AuditCommand),
                  cl::cat(AuditOptionsCategory));
static cl::list<std::string>
    FamilyNames("family",
                cl::desc("judge this family of exports only; repeatable; 'all' "
                         "for every export (default: all families of the "
                         "model)"),
                cl::value_desc("F"), cl::sub(AuditCommand),
                cl::cat(AuditOptionsCategory));
static cl::list<std::string>
    RuleNames("rules", cl::CommaSeparated,
              cl::desc("follow these rules only: names, or criteria such as C9 "
                       "(default: those that 'pagewarden checks' lists as on)"),
              cl::value_desc("R,..."), cl::sub(AuditCommand),
              cl::cat(AuditOptionsCategory));
static cl::opt<std::string> Format("format",
                                   cl::desc("text (default), json or markdown"),
                                   cl::value_desc("FORMAT"), cl::init("text"),
                                   cl::sub(AuditCommand),
                                   cl::cat(AuditOptionsCategory));
static cl::opt<std::string> SarifPath("sarif",
                                      cl::desc("write SARIF 2.1.0 there, too"),
                                      cl::value_desc("OUT"),
                                      cl::sub(AuditCommand),
                                      cl::cat(AuditOptionsCategory));
static cl::opt<bool> Diff("diff",
                          cl::desc("two kernels, OLD NEW: what changed; each a "
                                   "tree or a Module.symvers"),
                          cl::sub(AuditCommand), cl::cat(AuditOptionsCategory));
static cl::opt<bool>
    List("list",
         cl::desc("print every export with what is known of it, tabs "
                  "between, and stop"),
         cl::sub(AuditCommand), cl::cat(AuditOptionsCategory));
static cl::opt<std::string>
    Arch("arch",
         cl::desc("leave the code of other architectures alone, as arch/ calls "
                  "them (default: x86; 'all' for all)"),
         cl::value_desc("ARCH"), cl::init("x86"), cl::sub(AuditCommand),
         cl::cat(AuditOptionsCategory));
static cl::list<std::string>
    ModelFiles("model", cl::desc("add a model to the one built in"),
               cl::value_desc("FILE"), cl::sub(AuditCommand),
               cl::cat(AuditOptionsCategory));
static cl::list<std::string>
    OutOfTree("users",
              cl::desc("a folder with modules that are in no tree: their uses "
                       "count, too; repeatable"),
              cl::value_desc("DIR"), cl::sub(AuditCommand),
              cl::cat(AuditOptionsCategory));
static cl::opt<unsigned> Jobs("jobs",
                              cl::desc("files at a time (default: one per "
                                       "core)"),
                              cl::value_desc("N"), cl::sub(AuditCommand),
                              cl::cat(AuditOptionsCategory));

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

/// "" for all of them.
static StringRef architecture() { return Arch == "all" ? "" : StringRef(Arch); }

//===----------------------------------------------------------------------===//
// --list and --diff
//===----------------------------------------------------------------------===//

static void writeHidden(ArrayRef<kernel::HiddenExport> Hidden) {
  for (const kernel::HiddenExport &H : Hidden)
    errs() << printable(H.File) << ':' << H.Line
           << ": not understood: " << printable(H.Text) << ": " << H.Why
           << '\n';
}

static int runList() {
  auto Tree = kernel::SourceTree::open(Paths.front());
  if (!Tree)
    return fail(Tree.takeError());
  const kernel::SourceExports Read = kernel::readExports(*Tree);
  for (const kernel::SourceExport &E : Read.Exports) {
    std::string Function = "-";
    if (E.Defined.Line)
      Function = utostr(E.Defined.Line) + (E.Defined.Static ? ",static" : "") +
                 (E.Defined.Init ? ",init" : "");
    outs() << printable(E.Symbol) << '\t' << (E.GplOnly ? "GPL-only" : "plain")
           << '\t' << (E.Namespace.empty() ? "-" : printable(E.Namespace))
           << '\t' << printable(E.File) << ':' << E.Line << '\t' << E.Macro
           << '\t' << Function << '\t'
           << (E.Condition.empty() ? "-" : printable(E.Condition)) << '\n';
  }
  outs().flush();
  writeHidden(Read.Hidden);
  for (const std::string &File : Read.Unreadable)
    fail("cannot read '" + printable(File) + "'");
  errs() << Read.Exports.size() << " exports, " << Read.Hidden.size()
         << " not understood\n";
  return Read.Unreadable.empty() ? NothingFound : NotDone;
}

static int runDiff() {
  if (Paths.size() != 2)
    return fail("'--diff' needs two kernels, the older one first");
  auto Old = Baseline::load(Paths[0], architecture(), /*Only=*/true);
  if (!Old)
    return fail(Old.takeError());
  auto New = Baseline::load(Paths[1], architecture(), /*Only=*/true);
  if (!New)
    return fail(New.takeError());
  if (Old->isSource() != New->isSource())
    errs() << "pagewarden: warning: a Module.symvers has what one "
              "configuration builds, a tree what any could; what only the "
              "tree has counts as "
           << (New->isSource() ? "new" : "gone") << '\n';
  const Difference D = compare(*Old, *New);
  if (Format == "json")
    writeJSON(outs(), *Old, *New, D);
  else if (Format == "markdown")
    writeMarkdown(outs(), *Old, *New, D);
  else
    writeText(outs(), *Old, *New, D);
  outs().flush();
  writeHidden(Old->hidden());
  writeHidden(New->hidden());
  const bool Same = D.Added.empty() && D.Gone.empty() && D.ToGpl.empty() &&
                    D.ToPlain.empty() && D.Namespaces.empty() &&
                    D.Signatures.empty();
  return Same ? NothingFound : Found;
}

//===----------------------------------------------------------------------===//
// The audit
//===----------------------------------------------------------------------===//

/// Whether \p Wanted names \p Rule: "Family", its full name, or a criterion.
static bool names(StringRef Wanted, const CheckInfo &Rule) {
  if (Wanted == Rule.Name || Wanted == Rule.fullName())
    return true;
  SmallVector<StringRef, 4> Criteria;
  StringRef(Rule.Family).split(Criteria, ',');
  return is_contained(Criteria, Wanted);
}

static Expected<std::vector<const CheckInfo *>> chooseRules() {
  std::vector<const CheckInfo *> Out;
  for (const std::string &Wanted : RuleNames)
    if (none_of(AllPolicies,
                [&](const CheckInfo &R) { return names(Wanted, R); })) {
      std::vector<std::string> Known;
      for (const CheckInfo &R : AllPolicies)
        Known.push_back(R.Name.str() + " (" + R.Family.str() + ")");
      return failure("there is no rule '" + Wanted + "'; known are " +
                     join(Known, ", "));
    }
  for (const CheckInfo &R : AllPolicies) {
    const bool Chosen = RuleNames.empty()
                            ? R.OnByDefault
                            : any_of(RuleNames, [&](const std::string &Wanted) {
                                return names(Wanted, R);
                              });
    if (Chosen)
      Out.push_back(&R);
  }
  return Out;
}

static AuditOptions readOptions() {
  AuditOptions Opts;
  for (const std::string &F : FamilyNames) {
    if (F == "all")
      Opts.EveryExport = true;
    else
      Opts.Families.push_back(F);
  }
  Opts.Architecture = architecture().str();
  Opts.OutOfTree.assign(OutOfTree.begin(), OutOfTree.end());
  return Opts;
}

static void writeAllowed(ArrayRef<Judgement> Judgements) {
  for (const Judgement &J : Judgements)
    if (!J.Allowed.empty())
      outs() << printable(J.TheFinding.Loc.File) << ':' << J.TheFinding.Loc.Line
             << ": allowed: " << printable(J.TheFinding.Message) << ": "
             << printable(J.Allowed) << " [" << J.TheFinding.Check << "]\n";
}

static std::string absoluteRoot(const Subject &S) {
  SmallString<256> Root(S.tree().root());
  (void)sys::fs::make_absolute(Root);
  sys::path::remove_dots(Root, /*remove_dot_dot=*/true);
  return std::string(Root);
}

static int report(const Subject &S, ArrayRef<Judgement> Judgements) {
  const Summary About = summarise(S);
  std::vector<Finding> Findings;
  for (const Judgement &J : Judgements)
    if (J.Allowed.empty())
      Findings.push_back(J.withNotes());
  if (Format == "json") {
    writeJSON(outs(), About, Judgements, S.exports().Hidden);
  } else if (Format == "markdown") {
    writeMarkdown(outs(), About, Judgements, S.exports().Hidden);
  } else {
    const bool Colors = sys::Process::StandardOutIsDisplayed() &&
                        !sys::Process::GetEnv("NO_COLOR");
    pagewarden::writeText(outs(), Findings, "", Colors);
    writeAllowed(Judgements);
    outs().flush();
    writeHidden(S.exports().Hidden);
  }
  int Status = Findings.empty() ? NothingFound : Found;
  if (!SarifPath.empty()) {
    RunInfo Run;
    Run.Root = absoluteRoot(S);
    Run.ToolVersion = PAGEWARDEN_VERSION;
    Run.FilesAsked = About.Files;
    Run.FilesDone = About.Files - unsigned(About.Unreadable.size());
    for (const std::string &File : About.Unreadable)
      Run.Failures.push_back({File, "cannot be read"});
    if (Error E = writeSARIFFile(SarifPath, Findings, Run))
      Status = fail(std::move(E));
  }
  for (const std::string &File : About.Unreadable)
    Status = fail("cannot read '" + printable(File) + "'");
  errs() << About.Exports << " exports of " << About.Symbols << " symbols in "
         << About.Files << " files of " << printable(About.Kernel) << "; "
         << Findings.size() << " findings, "
         << Judgements.size() - Findings.size() << " allowed, "
         << S.exports().Hidden.size() << " not understood\n";
  return Status;
}

static int runAudit() {
  if (Paths.empty())
    return fail("'audit' needs the folder of a kernel's source");
  if (Format != "text" && Format != "json" && Format != "markdown")
    return fail("unknown format '" + Format +
                "'; allowed are text, json, markdown");
  if (Jobs.getNumOccurrences() && Jobs == 0)
    return fail("--jobs 0: at least one file at a time is needed");
  if (Jobs)
    parallel::strategy = hardware_concurrency(Jobs);
  if (Diff)
    return runDiff();
  if (Paths.size() > 1)
    return fail("'audit' takes one tree; '--diff' compares two");
  if (List)
    return runList();

  auto Rules = chooseRules();
  if (!Rules)
    return fail(Rules.takeError());
  auto Model = model::Model::load(ModelFiles);
  if (!Model)
    return fail(Model.takeError());
  // Before the tree is read, so that a wrong one is known at once.
  std::vector<Baseline> Baselines;
  for (const std::string &Path : BaselinePaths) {
    auto B = Baseline::load(Path, architecture());
    if (!B)
      return fail(B.takeError());
    Baselines.push_back(std::move(*B));
  }
  auto S = Subject::read(Paths.front(), **Model, readOptions());
  if (!S)
    return fail(S.takeError());
  (*S)->Baselines = std::move(Baselines);
  std::vector<Judgement> All;
  for (const CheckInfo *R : *Rules)
    for (Judgement &J : judge(R->Name, **S))
      All.push_back(std::move(J));
  return report(**S, All);
}
