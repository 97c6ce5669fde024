//===- ExportsTable.cpp - Symbols of a module by kernel -------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportsTable.h"
#include "pagewarden/Findings/JSON.h"
#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace pagewarden::tool {

using scan::Judgement;
using scan::LinkedModule;
using scan::Verdict;

//===----------------------------------------------------------------------===//
// Judging
//===----------------------------------------------------------------------===//

void ExportsTable::judge() {
  for (size_t Column = 0; Column < Kernels.size(); ++Column) {
    const KernelColumn &K = Kernels[Column];
    const size_t First = Linked.size();
    std::map<std::string, scan::SiblingExport> Siblings;
    for (const scan::Module &M : K.Modules) {
      Linked.push_back(std::make_unique<LinkedModule>(M, License));
      for (auto &[Symbol, Export] : Linked.back()->exports(K.Exports))
        Siblings.insert({Symbol, Export});
    }
    for (size_t I = First; I < Linked.size(); ++I) {
      Judged.push_back(Linked[I]->judge(K.Exports, Siblings));
      Of.push_back({Linked[I].get(), Column});
    }
  }
  std::map<std::pair<std::string, std::string>, Row> BySymbol;
  for (size_t I = 0; I < Judged.size(); ++I)
    for (const Judgement &J : Judged[I]) {
      Row &R = BySymbol[{Of[I].first->name(), J.Symbol}];
      R.Module = Of[I].first->name();
      R.Symbol = J.Symbol;
      R.Cells.resize(Kernels.size());
      R.Cells[Of[I].second] = &J;
    }
  for (auto &Entry : BySymbol)
    Rows.push_back(std::move(Entry.second));
}

/// Whether the headers of this kernel declare the symbol otherwise than those
/// of the last one before it that needs it.
bool ExportsTable::typeChanged(const Row &R, size_t Kernel) const {
  const Judgement *Now = R.Cells[Kernel];
  if (!Now || !Now->Use || Now->Use->Type.empty())
    return false;
  for (size_t I = Kernel; I-- > 0;)
    if (const Judgement *Before = R.Cells[I];
        Before && Before->Use && !Before->Use->Type.empty())
      return Before->Use->Type != Now->Use->Type;
  return false;
}

/// Whether all of the row's module was compiled for the kernel.
bool ExportsTable::isComplete(const Row &R, size_t Kernel) const {
  return llvm::any_of(Kernels[Kernel].Modules, [&](const scan::Module &M) {
    return M.Name == R.Module && M.Complete;
  });
}

bool ExportsTable::isShown(const Row &R) const {
  if (AllSymbols)
    return true;
  std::string First;
  for (size_t I = 0; I < Kernels.size(); ++I) {
    const Judgement *J = R.Cells[I];
    if (!J)
      continue;
    if (!scan::checkOf(J->What).empty() || typeChanged(R, I))
      return true;
    const std::string Text = cell(R, I);
    if (!First.empty() && Text != First)
      return true;
    First = Text;
  }
  return false;
}

/// What a kernel says of a symbol, whatever the module's licence.
std::string ExportsTable::cell(const Row &R, size_t Kernel) const {
  const Judgement *J = R.Cells[Kernel];
  if (!J)
    return isComplete(R, Kernel) ? "not needed" : "not compiled";
  std::string Text;
  switch (J->What) {
  case Verdict::Unknown:
    return "unknown";
  case Verdict::Missing:
    return Kernels[Kernel].Exports.find(R.Symbol) ? "not needed" : "gone";
  case Verdict::Duplicate:
    return "defined twice";
  case Verdict::Namespace:
    Text = "namespace " + J->Namespace + " not imported";
    break;
  case Verdict::Taints:
  case Verdict::Shim:
    return scan::verdictText(J->What).str();
  case Verdict::Fine:
  case Verdict::GplOnly:
    Text = J->GplOnly ? "GPL-only" : "available";
    if (!J->Namespace.empty())
      Text += ", namespace " + J->Namespace;
    if (J->Owner.empty()) // weak, and nobody has it
      Text = "weak, absent";
    break;
  }
  if (typeChanged(R, Kernel))
    Text += ", signature changed";
  return Text;
}

/// The stretches "first to last" of kernels that give the module this symbol.
/// Kernels that do not need it neither end one nor count.
std::string ExportsTable::works(const Row &R) const {
  std::vector<std::pair<StringRef, StringRef>> Stretches;
  bool Open = false;
  for (size_t I = 0; I < Kernels.size(); ++I) {
    const Judgement *J = R.Cells[I];
    if (!J || J->What == Verdict::Unknown)
      continue;
    const bool Works = J->What == Verdict::Fine;
    if (Works && !Open)
      Stretches.push_back({Kernels[I].Name, {}});
    if (Works)
      Stretches.back().second = Kernels[I].Name;
    Open = Works;
  }
  std::string Text;
  for (const auto &[First, Last] : Stretches) {
    Text += (Text.empty() ? "" : ", ") + First.str();
    if (First != Last)
      Text += (" to " + Last).str();
  }
  return Text.empty() ? "none" : Text;
}

std::vector<Finding> ExportsTable::findings() const {
  // modpost may say two things of one symbol: each check has its finding.
  struct Refusal {
    const Judgement *First;
    const LinkedModule *Module;
    std::vector<std::string> Kernels;
  };
  std::map<std::tuple<std::string, std::string, StringRef>, Refusal> Refused;
  for (size_t I = 0; I < Judged.size(); ++I)
    for (const Judgement &J : Judged[I]) {
      StringRef Check = scan::checkOf(J.What);
      if (Check.empty())
        continue;
      auto [It, New] = Refused.try_emplace(
          {Of[I].first->name(), J.Symbol, Check}, Refusal{&J, Of[I].first, {}});
      It->second.Kernels.push_back(Kernels[Of[I].second].Name);
    }
  std::vector<Finding> Result;
  for (const auto &[Key, R] : Refused) {
    Finding F = scan::findingOf(*R.Module, *R.First);
    if (Kernels.size() > 1)
      F.Message += " (" + join(R.Kernels, ", ") + ")";
    Result.push_back(std::move(F));
  }
  normalise(Result);
  return Result;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

void ExportsTable::writeText(raw_ostream &OS) const {
  for (const Row &R : Rows) {
    if (!isShown(R))
      continue;
    OS << printable(R.Module) << ": " << printable(R.Symbol) << '\n';
    for (size_t I = 0; I < Kernels.size(); ++I)
      OS << "  " << left_justify(printable(Kernels[I].Name), 28) << ' '
         << printable(cell(R, I)) << '\n';
    OS << "  works: " << printable(works(R)) << '\n';
  }
}

/// Neither a column's end nor markup.
static std::string inMarkdown(StringRef Text) {
  std::string Out;
  for (char C : printable(Text)) {
    if (StringRef("\\|`*_<>[]&").contains(C))
      Out += '\\';
    Out += C;
  }
  return Out;
}

void ExportsTable::writeMarkdown(raw_ostream &OS) const {
  OS << "| module | symbol |";
  for (const KernelColumn &K : Kernels)
    OS << ' ' << inMarkdown(K.Name) << " |";
  OS << " works |\n|---|---|";
  for (size_t I = 0; I < Kernels.size(); ++I)
    OS << "---|";
  OS << "---|\n";
  for (const Row &R : Rows) {
    if (!isShown(R))
      continue;
    OS << "| " << inMarkdown(R.Module) << " | " << inMarkdown(R.Symbol) << " |";
    for (size_t I = 0; I < Kernels.size(); ++I)
      OS << ' ' << inMarkdown(cell(R, I)) << " |";
    OS << ' ' << inMarkdown(works(R)) << " |\n";
  }
}

static std::string inHTML(StringRef Text) {
  std::string Out;
  raw_string_ostream OS(Out);
  printHTMLEscaped(printable(Text), OS);
  return Out;
}

void ExportsTable::writeHTML(raw_ostream &OS) const {
  OS << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<title>Symbols by kernel</title>\n<style>"
        "body{font:14px sans-serif}table{border-collapse:collapse}"
        "td,th{border:1px solid #bbb;padding:2px 6px;text-align:left}"
        ".refused{background:#fdd}.gpl{background:#ffd}</style></head><body>\n"
        "<table><thead><tr><th>module</th><th>symbol</th>";
  for (const KernelColumn &K : Kernels)
    OS << "<th>" << inHTML(K.Name) << "</th>";
  OS << "<th>works</th></tr></thead><tbody>\n";
  for (const Row &R : Rows) {
    if (!isShown(R))
      continue;
    OS << "<tr><td>" << inHTML(R.Module) << "</td><td><code>"
       << inHTML(R.Symbol) << "</code></td>";
    for (size_t I = 0; I < Kernels.size(); ++I) {
      const Judgement *J = R.Cells[I];
      OS << (J && !scan::checkOf(J->What).empty() ? "<td class=\"refused\">"
             : J && J->GplOnly                    ? "<td class=\"gpl\">"
                                                  : "<td>")
         << inHTML(cell(R, I)) << "</td>";
    }
    OS << "<td>" << inHTML(works(R)) << "</td></tr>\n";
  }
  OS << "</tbody></table></body></html>\n";
}

static json::Array chainJSON(const scan::Need &N, StringRef Root) {
  json::Array Chain;
  for (const scan::Frame &F : N.Chain)
    Chain.push_back(
        json::Object{{"function", bytesToJSON(F.Function)},
                     {"file", bytesToJSON(relativeTo(F.Loc.File, Root))},
                     {"line", int64_t(F.Loc.Line)},
                     {"column", int64_t(F.Loc.Column)}});
  return Chain;
}

static json::Object judgementJSON(const Judgement &J, StringRef Root) {
  json::Object Out{{"symbol", bytesToJSON(J.Symbol)},
                   {"verdict", scan::verdictText(J.What)},
                   {"owner", bytesToJSON(J.Owner)},
                   {"gplOnly", J.GplOnly},
                   {"namespace", bytesToJSON(J.Namespace)}};
  if (J.Unit)
    Out["file"] = bytesToJSON(relativeTo(J.Unit->File, Root));
  if (J.Use) {
    Out["type"] = bytesToJSON(J.Use->Type);
    Out["chain"] = chainJSON(*J.Use, Root);
  }
  return Out;
}

void ExportsTable::writeJSON(raw_ostream &OS, StringRef Root) const {
  json::Array Columns;
  for (size_t Column = 0; Column < Kernels.size(); ++Column) {
    json::Array Modules, Units;
    for (size_t I = 0; I < Judged.size(); ++I) {
      if (Of[I].second != Column)
        continue;
      json::Array Symbols;
      for (const Judgement &J : Judged[I])
        Symbols.push_back(judgementJSON(J, Root));
      Modules.push_back(
          json::Object{{"name", bytesToJSON(Of[I].first->name())},
                       {"licenses", bytesToJSON(std::vector<std::string>(
                                        Of[I].first->licenses().begin(),
                                        Of[I].first->licenses().end()))},
                       {"symbols", std::move(Symbols)}});
    }
    for (const scan::Module &M : Kernels[Column].Modules)
      for (const scan::ModuleUnit &Unit : M.Units) {
        json::Array Needs;
        for (const scan::Need &N : Unit.Facts.Needs)
          if (!N.Dropped)
            Needs.push_back(bytesToJSON(N.Symbol));
        Units.push_back(
            json::Object{{"file", bytesToJSON(relativeTo(Unit.File, Root))},
                         {"module", bytesToJSON(M.Name)},
                         {"undefined", std::move(Needs)}});
      }
    Columns.push_back(
        json::Object{{"name", bytesToJSON(Kernels[Column].Name)},
                     {"symvers", bytesToJSON(Kernels[Column].Exports.path())},
                     {"modules", std::move(Modules)},
                     {"files", std::move(Units)}});
  }
  OS << formatv("{0:2}\n",
                json::Value(json::Object{{"kernels", std::move(Columns)}}));
}

} // namespace pagewarden::tool
