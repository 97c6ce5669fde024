//===- UsersReport.cpp - Uses, for readers --------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Audit/UsersReport.h"
#include "pagewarden/Findings/JSON.h"
#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace pagewarden::audit {

std::vector<std::string> rulesOf(const model::Model &M, StringRef Symbol) {
  std::vector<std::string> Out;
  auto Add = [&](std::string Rule) {
    if (!is_contained(Out, Rule))
      Out.push_back(std::move(Rule));
  };
  for (const model::Function *F : M.lookup(Symbol)) {
    const StringRef Role = model::roleName(F->TheRole);
    Add(F->Resource.empty() ? Role.str() : (Role + ":" + F->Resource).str());
    if (F->TheResult != model::Result::None)
      Add(("result:" + model::resultName(F->TheResult)).str());
    for (const std::string &Word : F->Context)
      Add(Word);
    for (const std::string &By : F->ReleasedBy)
      Add("released-by:" + By);
    for (const std::string &Flag : F->Rejects)
      Add("rejects:" + Flag);
    for (const std::string &Flag : F->RejectsTogether)
      Add("rejects-together:" + Flag);
  }
  for (const auto &Mark : M.marks())
    if (is_contained(Mark->Names, Symbol) || is_contained(Mark->With, Symbol))
      Add(Mark->Kind);
  return Out;
}

std::vector<std::string> symbolsWith(const model::Model &M, StringRef Rule) {
  std::vector<std::string> Out;
  auto Consider = [&](const std::string &Name) {
    // Of fields and of all fields of a structure nobody lists the uses.
    if (!StringRef(Name).contains('.') && !is_contained(Out, Name) &&
        is_contained(rulesOf(M, Name), Rule))
      Out.push_back(Name);
  };
  for (const auto &F : M.functions())
    Consider(F->Name);
  for (const auto &Mark : M.marks()) {
    llvm::for_each(Mark->Names, Consider);
    llvm::for_each(Mark->With, Consider);
  }
  return Out;
}

/// Whether \p Word stands in \p Text on its own.
static bool hasWord(StringRef Text, StringRef Word) {
  auto IsPart = [](char C) { return isAlnum(C) || C == '_'; };
  for (size_t At = Text.find(Word); At != StringRef::npos;
       At = Text.find(Word, At + 1)) {
    const size_t End = At + Word.size();
    if ((!At || !IsPart(Text[At - 1])) &&
        (End == Text.size() || !IsPart(Text[End])))
      return true;
  }
  return false;
}

bool isTouched(const scan::UseFact &Use, StringRef Rule) {
  // What is used through something else, or by its address, shows nothing.
  if (!Use.Via.empty() || Use.Kind != "call")
    return true;
  if (Rule.consume_front("rejects:") || Rule.consume_front("rejects-together:"))
    return Use.FlagsValue.empty() || hasWord(Use.Flags, Rule);
  if (Rule.consume_front("released-by:"))
    return Use.Releases.empty() ||
           any_of(Use.Releases, [&](const scan::ReleaseFact &R) {
             return R.Handed || R.Callee == Rule;
           });
  if (Rule == "positive-count")
    return Use.CountValue.empty();
  if (Rule.starts_with("result:"))
    return Use.Result != "ignored on purpose" && Use.Result != "ignored";
  return true;
}

namespace {
/// How many uses, files and modules.
struct Counts {
  size_t Uses = 0, Direct = 0, Files = 0, Modules = 0;
  explicit Counts(ArrayRef<StoredUse> List) : Uses(List.size()) {
    StringSet<> InFiles, InModules;
    for (const StoredUse &U : List) {
      Direct += U.Fact.Via.empty();
      InFiles.insert(U.Fact.Loc.File);
      if (!U.Module.empty())
        InModules.insert(U.Module);
    }
    Files = InFiles.size();
    Modules = InModules.size();
  }
};
} // namespace

static std::string plural(size_t N, StringRef Noun) {
  return utostr(N) + " " + Noun.str() + (N == 1 ? "" : "s");
}

static std::string inWords(const Counts &C) {
  std::string Out = plural(C.Uses, "use");
  if (C.Direct != C.Uses)
    Out += " (" + utostr(C.Direct) + " direct)";
  return Out + " in " + plural(C.Files, "file") + " of " +
         plural(C.Modules, "module");
}

static std::string moduleWords(const StoredUse &U) {
  if (U.Module.empty())
    return "headers";
  std::string Out = U.Module;
  Out += U.Modular ? ", module" : ", built in";
  if (!U.License.empty())
    Out += ", " + U.License;
  return Out;
}

static std::string placeOf(const Location &L, StringRef Source) {
  return relativeTo(L.File, Source) + ":" + utostr(L.Line);
}

/// What is known of one use, part by part.
static std::vector<std::string> details(const scan::UseFact &F,
                                        StringRef Source) {
  std::vector<std::string> Out;
  if (F.Kind != "call")
    Out.push_back("its address is taken");
  if (!F.Via.empty())
    Out.push_back("through " + F.Via);
  else if (!F.Macros.empty())
    Out.push_back("in macro " + F.Macros);
  if (!F.Flags.empty())
    Out.push_back("flags " + F.Flags +
                  // A number is its own value.
                  (F.FlagsValue.empty() || isDigit(F.Flags.front())
                       ? ""
                       : " = " + F.FlagsValue));
  if (!F.Count.empty())
    Out.push_back("count " + F.Count +
                  (F.CountValue.empty() || F.CountValue == F.Count
                       ? ""
                       : " = " + F.CountValue));
  if (F.InLoop)
    Out.push_back("in a loop");
  if (!F.Result.empty() && F.Result != "none")
    Out.push_back("result " + F.Result);
  if (!F.Object.empty())
    Out.push_back("object " + F.Object);
  if (!F.Field.empty())
    Out.push_back("kept in " + F.Field);
  if (!F.Escape.empty())
    Out.push_back("goes on: " + F.Escape);
  for (const scan::ReleaseFact &R : F.Releases)
    Out.push_back((R.Handed ? "handed on by " : "given back by ") + R.Callee +
                  " in " + R.Function + ", " + placeOf(R.Loc, Source));
  return Out;
}

void writeUsersText(raw_ostream &OS, ArrayRef<SymbolUses> All,
                    StringRef Source) {
  for (const SymbolUses &S : All) {
    OS << S.Symbol << ": " << inWords(Counts(S.Uses)) << '\n';
    if (!S.Rules.empty())
      OS << "  rules: " << printable(join(S.Rules, ", ")) << '\n';
    std::string Module;
    for (const StoredUse &U : S.Uses) {
      if (std::string Words = moduleWords(U); Words != Module) {
        Module = Words;
        OS << "  " << printable(Module) << '\n';
      }
      OS << "    " << printable(placeOf(U.Fact.Loc, Source)) << ' '
         << printable(U.Fact.Function) << '\n';
      for (const std::string &Part : details(U.Fact, Source))
        OS << "      " << printable(Part) << '\n';
    }
  }
}

/// Text in a cell of a table.
static std::string cell(StringRef Text) {
  std::string Out;
  for (char C : printable(Text)) {
    if (StringRef("\\`*[]<>|").contains(C))
      Out += '\\';
    Out += C;
  }
  return Out;
}

void writeUsersMarkdown(raw_ostream &OS, ArrayRef<SymbolUses> All,
                        StringRef Source) {
  for (const SymbolUses &S : All) {
    OS << "## " << cell(S.Symbol) << "\n\n" << inWords(Counts(S.Uses)) << ".";
    if (!S.Rules.empty())
      OS << " Rules: " << cell(join(S.Rules, ", ")) << ".";
    OS << "\n\n";
    if (S.Uses.empty())
      continue;
    OS << "| module | place | function | |\n|---|---|---|---|\n";
    for (const StoredUse &U : S.Uses)
      OS << "| " << cell(moduleWords(U)) << " | "
         << cell(placeOf(U.Fact.Loc, Source)) << " | " << cell(U.Fact.Function)
         << " | " << cell(join(details(U.Fact, Source), "; ")) << " |\n";
    OS << '\n';
  }
}

void writeUsersJSON(raw_ostream &OS, ArrayRef<SymbolUses> All,
                    StringRef Source) {
  json::Array Symbols;
  for (const SymbolUses &S : All) {
    json::Array Uses;
    for (const StoredUse &U : S.Uses) {
      scan::UseFact F = U.Fact;
      F.Loc.File = relativeTo(F.Loc.File, Source);
      for (scan::ReleaseFact &R : F.Releases)
        R.Loc.File = relativeTo(R.Loc.File, Source);
      json::Value V = scan::toJSON(F);
      json::Object &O = *V.getAsObject();
      O["module"] = bytesToJSON(U.Module);
      O["modular"] = U.Modular;
      O["license"] = bytesToJSON(U.License);
      std::vector<std::string> Rules;
      llvm::copy_if(S.Rules, std::back_inserter(Rules),
                    [&](StringRef Rule) { return isTouched(U.Fact, Rule); });
      O["rules"] = bytesToJSON(Rules);
      Uses.push_back(std::move(V));
    }
    const Counts C(S.Uses);
    Symbols.push_back(json::Object{{"symbol", S.Symbol},
                                   {"rules", bytesToJSON(S.Rules)},
                                   {"count", int64_t(C.Uses)},
                                   {"direct", int64_t(C.Direct)},
                                   {"files", int64_t(C.Files)},
                                   {"modules", int64_t(C.Modules)},
                                   {"uses", std::move(Uses)}});
  }
  OS << formatv("{0:2}",
                json::Value(json::Object{{"symbols", std::move(Symbols)}}))
     << '\n';
}

} // namespace pagewarden::audit
