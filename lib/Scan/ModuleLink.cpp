//===- ModuleLink.cpp - The verdicts of modpost, before a build -----------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// modpost's rules, in its order: a symbol that nobody exports is an error
/// unless it is weak; then the namespace counts, then the licence.
///
/// Not handled: symbols of other external modules (KBUILD_EXTRA_SYMBOLS) that
/// are not built from the same folder.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/ModuleLink.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace pagewarden::scan {

/// What modpost does not count as undefined: the module's own structure, which
/// it writes itself, and what linkers make.
static bool isIgnored(StringRef Symbol) {
  return Symbol == "__this_module" || Symbol == "_GLOBAL_OFFSET_TABLE_";
}

LinkedModule::LinkedModule(const Module &M, StringRef License) : M(M) {
  for (const ModuleUnit &Unit : M.Units) {
    ModuleNamespaces |= Unit.Facts.ModuleNamespaces;
    for (const std::string &Symbol : Unit.Facts.Defines)
      Defined.insert(Symbol);
    for (StringRef Info : Unit.Facts.ModInfo) {
      if (Info.consume_front("license="))
        Licenses.push_back(Info.str());
      else if (Info.consume_front("import_ns="))
        Imports.push_back(Info.str());
    }
    for (const Need &N : Unit.Facts.Needs) {
      if (N.Dropped)
        continue;
      auto [It, New] = Uses.try_emplace(N.Symbol, Use{&N, &Unit, N.Weak});
      if (New)
        continue;
      It->second.Weak &= N.Weak;
      // A line is worth more than none.
      if (It->second.N->Chain.empty() && !N.Chain.empty())
        It->second = {&N, &Unit, It->second.Weak};
    }
  }
  if (!License.empty())
    Licenses = {License.str()};
}

StringRef LinkedModule::incompatible() const {
  for (const std::string &License : Licenses)
    if (!kernel::isGplCompatible(License))
      return License;
  return "";
}

/// verify_module_namespace() of modpost and the loader: names in a list, with
/// a '*' at the end of one for any rest; '-' and '_' are one character.
bool LinkedModule::isNamedIn(StringRef Namespace) const {
  auto Plain = [](StringRef Name) {
    std::string Text = Name.str();
    for (char &C : Text)
      if (C == '-')
        C = '_';
    return Text;
  };
  const std::string Own = Plain(name());
  SmallVector<StringRef, 4> Names;
  Namespace.split(Names, ',');
  return llvm::any_of(Names, [&](StringRef Name) {
    const bool Any = Name.consume_back("*");
    return Any ? StringRef(Own).starts_with(Plain(Name)) : Own == Plain(Name);
  });
}

/// Where the kernel knows "module:a,b", nobody can import such a namespace;
/// elsewhere it is a name like others.
bool LinkedModule::imports(StringRef Namespace) const {
  if (ModuleNamespaces && Namespace.consume_front("module:"))
    return isNamedIn(Namespace);
  return Namespace.empty() || is_contained(Imports, Namespace);
}

bool LinkedModule::usesGplOnly(const kernel::Symvers &Kernel) const {
  return llvm::any_of(Uses, [&](const auto &Entry) {
    const kernel::Export *E = Kernel.find(Entry.first);
    return E && E->GplOnly && !Defined.contains(Entry.first);
  });
}

std::map<std::string, SiblingExport>
LinkedModule::exports(const kernel::Symvers &Kernel) const {
  std::map<std::string, SiblingExport> Result;
  const bool Compatible = incompatible().empty();
  const bool UsesGpl = usesGplOnly(Kernel);
  for (const ModuleUnit &Unit : M.Units)
    for (const OwnExport &E : Unit.Facts.Exports)
      Result[E.Symbol] = {
          {M.Name, E.Namespace, E.GplOnly}, Compatible, UsesGpl};
  return Result;
}

/// What modpost lets through, and the loader or the licence does not.
void LinkedModule::judgeSibling(const SiblingExport &E, bool UsesGpl,
                                Judgement &J) const {
  const bool Compatible = incompatible().empty();
  if (J.What != Verdict::Fine || E.Export.Module == M.Name)
    return;
  if (Compatible && !E.Compatible && UsesGpl)
    J.What = Verdict::Taints;
  if (!Compatible && E.Compatible && E.UsesGplOnly)
    J.What = Verdict::Shim;
}

std::vector<Judgement> LinkedModule::judge(
    const kernel::Symvers &Kernel,
    const std::map<std::string, SiblingExport> &Siblings) const {
  std::vector<Judgement> Result;
  const bool UsesGpl = usesGplOnly(Kernel);
  for (const auto &[Symbol, Use] : Uses) {
    if (Defined.contains(Symbol) || isIgnored(Symbol))
      continue;
    Judgement J;
    J.Symbol = Symbol;
    J.Use = Use.N;
    J.Unit = Use.Unit;
    auto Sibling = Siblings.find(Symbol);
    const kernel::Export *E = Sibling != Siblings.end()
                                  ? &Sibling->second.Export
                                  : Kernel.find(Symbol);
    if (!E) {
      J.What = Use.Weak     ? Verdict::Fine
               : M.Complete ? Verdict::Missing
                            : Verdict::Unknown;
      Result.push_back(std::move(J));
      continue;
    }
    J.Owner = E->Module;
    J.Namespace = E->Namespace;
    J.GplOnly = E->GplOnly;
    if (!imports(E->Namespace))
      J.What = M.Complete ? Verdict::Namespace : Verdict::Unknown;
    if (E->GplOnly && !incompatible().empty()) {
      if (J.What == Verdict::Namespace) // modpost says both
        Result.push_back(J);
      J.What = Verdict::GplOnly;
    }
    if (Sibling != Siblings.end())
      judgeSibling(Sibling->second, UsesGpl, J);
    Result.push_back(std::move(J));
  }
  addDuplicates(Kernel, Result);
  return Result;
}

/// A namesake is lawful, but not a second export, nor one that makes inline
/// functions link that the licence shuts out.
void LinkedModule::addDuplicates(const kernel::Symvers &Kernel,
                                 std::vector<Judgement> &Result) const {
  const std::map<std::string, SiblingExport> Own = exports(Kernel);
  for (const ModuleUnit &Unit : M.Units)
    for (const std::string &Symbol : Unit.Facts.Defines) {
      const kernel::Export *E = Kernel.find(Symbol);
      if (!E || E->Module != "vmlinux")
        continue;
      const bool Opens = E->GplOnly && !incompatible().empty();
      if (!Opens && !Own.count(Symbol))
        continue;
      Judgement J;
      J.What = Verdict::Duplicate;
      J.Symbol = Symbol;
      J.Owner = E->Module;
      J.GplOnly = E->GplOnly;
      J.Unit = &Unit;
      Result.push_back(std::move(J));
    }
}

StringRef verdictText(Verdict V) {
  switch (V) {
  case Verdict::Fine:
    return "available";
  case Verdict::GplOnly:
    return "GPL-only";
  case Verdict::Namespace:
    return "namespace not imported";
  case Verdict::Missing:
    return "not exported";
  case Verdict::Unknown:
    return "unknown";
  case Verdict::Duplicate:
    return "defined twice";
  case Verdict::Taints:
    return "of a proprietary module";
  case Verdict::Shim:
    return "through a shim";
  }
  return "";
}

StringRef checkOf(Verdict V) {
  switch (V) {
  case Verdict::Fine:
  case Verdict::Unknown:
    return "";
  case Verdict::GplOnly:
    return "linux.export.GplOnly";
  case Verdict::Namespace:
    return "linux.export.Namespace";
  case Verdict::Missing:
  case Verdict::Duplicate:
    return "linux.export.NotExported";
  case Verdict::Taints:
  case Verdict::Shim:
    return "linux.export.Launder";
  }
  return "";
}

static std::string messageOf(const LinkedModule &M, const Judgement &J) {
  const std::string Named = "'" + J.Symbol + "'";
  switch (J.What) {
  case Verdict::Fine:
  case Verdict::Unknown:
    break;
  case Verdict::GplOnly:
    return ("GPL-incompatible module " + M.name() + ".ko (licence '" +
            M.incompatible() + "') uses GPL-only symbol " + Named + " of " +
            J.Owner)
        .str();
  case Verdict::Namespace:
    if (StringRef Names = J.Namespace;
        M.knowsModuleNamespaces() && Names.consume_front("module:"))
      return ("module " + M.name() + " uses symbol " + Named +
              ", which is for modules '" + Names + "' only")
          .str();
    return "module " + M.name() + " uses symbol " + Named + " from namespace " +
           J.Namespace + ", but does not import it";
  case Verdict::Missing:
    return "symbol " + Named + " is undefined in module " + M.name() +
           ": the kernel does not export it";
  case Verdict::Duplicate:
    return "module " + M.name() + " defines " + Named +
           ", which the kernel exports";
  case Verdict::Taints:
    return "module " + M.name() +
           " uses GPL-only symbols, and will not be loaded for its use of " +
           Named + " of the proprietary module " + J.Owner;
  case Verdict::Shim:
    return ("GPL-incompatible module " + M.name() + ".ko (licence '" +
            M.incompatible() + "') uses " + Named + " of module " + J.Owner +
            ", which stands between it and GPL-only symbols")
        .str();
  }
  return "";
}

/// "'put_page' calls 'folio_put' here"
static std::string stepText(const Need &N, size_t I) {
  const bool Last = I + 1 == N.Chain.size();
  return "'" + N.Chain[I].Function + (Last ? "' refers to '" : "' calls '") +
         (Last ? N.Symbol : N.Chain[I + 1].Function) + "' here";
}

Finding findingOf(const LinkedModule &M, const Judgement &J) {
  Finding F;
  F.Check = checkOf(J.What).str();
  F.Message = messageOf(M, J);
  F.Identity = J.Symbol;
  F.Loc.File = J.Unit->File;
  if (!J.Use || J.Use->Chain.empty())
    return F;
  const std::vector<Frame> &Chain = J.Use->Chain;
  F.Function = Chain.front().Function;
  if (Chain.front().Loc.Line)
    F.Loc = Chain.front().Loc;
  if (Chain.size() > 1)
    F.Message += ", through '" + Chain[1].Function + "'";
  for (size_t I = 1; I < Chain.size(); ++I)
    F.Notes.push_back({Chain[I].Loc, stepText(*J.Use, I), unsigned(I)});
  return F;
}

} // namespace pagewarden::scan
