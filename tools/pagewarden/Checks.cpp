//===- Checks.cpp - pagewarden checks -------------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lists the checks, for people and as the index of their pages.
///
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "Command.h"
#include "pagewarden/Checkers/CheckList.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <iterator>

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::tool;

static int runChecks();
static Command ChecksCommand("checks", "list the checks", runChecks);
static cl::opt<bool> Markdown("markdown",
                              cl::desc("as the page docs/checks/README.md"),
                              cl::sub(ChecksCommand));

//===----------------------------------------------------------------------===//
// CheckSwitches
//===----------------------------------------------------------------------===//

CheckSwitches::CheckSwitches() {
  for (const CheckInfo &Check : AllChecks)
    On.push_back(Check.OnByDefault);
  Named.resize(On.size());
}

/// Whether \p Name is \p Check, its package, or a package above that.
static bool covers(StringRef Name, const CheckInfo &Check) {
  const std::string Full = Check.fullName();
  StringRef Rest = Full;
  return Rest.consume_front(Name) && (Rest.empty() || Rest.front() == '.');
}

Error CheckSwitches::set(StringRef Name, bool IsOn) {
  bool Known = false;
  std::string Similar;
  unsigned Distance = unsigned(Name.size() / 3 + 1);
  for (size_t I = 0; I < std::size(AllChecks); ++I) {
    if (!Name.empty() && covers(Name, AllChecks[I])) {
      On[I] = IsOn;
      Named[I] = true;
      Known = true;
    }
    const std::string Full = AllChecks[I].fullName();
    const unsigned D = Name.edit_distance_insensitive(Full);
    if (D < Distance) {
      Distance = D;
      Similar = Full;
    }
  }
  if (Known)
    return Error::success();
  return createStringError(inconvertibleErrorCode(),
                           "there is no check '" + Name + "'" +
                               (Similar.empty()
                                    ? "; 'pagewarden checks' lists them"
                                    : "; did you mean '" + Similar + "'?"));
}

bool CheckSwitches::anyOn(StringRef Package) const {
  for (size_t I = 0; I < std::size(AllChecks); ++I)
    if (On[I] && (Package.empty() || covers(Package, AllChecks[I])))
      return true;
  return false;
}

std::vector<StringRef> CheckSwitches::families() const {
  static constexpr StringLiteral Always = "user-pages";
  std::vector<StringRef> Out;
  for (size_t I = 0; I < std::size(AllChecks); ++I) {
    const StringRef Family = AllChecks[I].Family;
    if (On[I] && !Family.empty() && (Named[I] || Family == Always) &&
        !is_contained(Out, Family))
      Out.push_back(Family);
  }
  return Out;
}

std::vector<std::string> CheckSwitches::asOptions() const {
  std::vector<std::string> Out;
  for (size_t I = 0; I < std::size(AllChecks); ++I)
    if (On[I] != AllChecks[I].OnByDefault)
      Out.push_back(AllChecks[I].fullName() + (On[I] ? "=on" : "=off"));
  return Out;
}

//===----------------------------------------------------------------------===//
// The subcommand
//===----------------------------------------------------------------------===//

static StringRef severityName(Severity S) {
  switch (S) {
  case Severity::HIGH:
    return "high";
  case Severity::MEDIUM:
    return "medium";
  case Severity::LOW:
    return "low";
  case Severity::STYLE:
    return "style";
  }
  return "";
}

/// Those of 'scan', then those of 'audit'.
static std::vector<CheckInfo> allRows() {
  std::vector<CheckInfo> Rows(std::begin(AllChecks), std::end(AllChecks));
  Rows.insert(Rows.end(), std::begin(AllPolicies), std::end(AllPolicies));
  return Rows;
}

static void writeMarkdown(raw_ostream &OS) {
  OS << "# Checks\n\n"
        "<!-- Made by 'pagewarden checks --markdown' from "
        "include/pagewarden/Checkers/Checks.def. -->\n\n"
        "| check | reports | severity | on by default |\n"
        "|---|---|---|---|\n";
  for (const CheckInfo &Check : allRows())
    OS << "| [" << Check.fullName() << "](" << Check.fullName() << ".md) | "
       << Check.Help << " | " << severityName(Check.Level) << " | "
       << (Check.OnByDefault ? "yes" : "no") << " |\n";
}

static void writeTable(raw_ostream &OS) {
  const std::vector<CheckInfo> Rows = allRows();
  size_t Width = 0;
  for (const CheckInfo &Check : Rows)
    Width = std::max(Width, Check.fullName().size());
  for (const CheckInfo &Check : Rows)
    OS << left_justify(Check.fullName(), unsigned(Width)) << "  "
       << (Check.OnByDefault ? "on   " : "off  ")
       << left_justify(severityName(Check.Level), 6) << "  " << Check.Help
       << '\n';
}

static int runChecks() {
  if (Markdown)
    writeMarkdown(outs());
  else
    writeTable(outs());
  return NothingFound;
}
