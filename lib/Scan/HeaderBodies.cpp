//===- HeaderBodies.cpp - Which functions of headers matter ---------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A function whose name a macro puts together is under that name in no text,
/// and so counts as called.  A function that a macro calls by a name that it
/// puts together begins or ends with a part that stands beside a ##, or that
/// ends with an underscore and was given to a macro.
///
/// Not handled: a name of which all parts come from somewhere else.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Scan/HeaderBodies.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>

using namespace llvm;

namespace pagewarden::scan {

/// Shorter parts begin too many names.
static constexpr size_t ShortestPart = 3;

bool CalledNames::mayBeCalled(StringRef Function) const {
  const uint32_t Hash = gate::hashOf(Function);
  if (Called.contains(Hash) || !Defined.contains(Hash))
    return true;
  for (size_t Length = ShortestPart; Length < Function.size(); ++Length)
    if (Parts.contains(Function.take_front(Length)) ||
        Parts.contains(Function.take_back(Length)))
      return true;
  return false;
}

static void sortOnce(std::vector<uint32_t> &Hashes) {
  llvm::sort(Hashes);
  Hashes.erase(std::unique(Hashes.begin(), Hashes.end()), Hashes.end());
  Hashes.shrink_to_fit();
}

void HeaderBodies::readText(StringRef Path) {
  auto [It, New] = Texts.try_emplace(Path);
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      New ? MemoryBuffer::getFile(Path, /*IsText=*/false,
                                  /*RequiresNullTerminator=*/false)
          : std::make_error_code(std::errc::file_exists);
  if (!Buffer)
    return;
  Text &Out = It->getValue();
  gate::forEachUse((*Buffer)->getBuffer(), [&](const gate::Use &U) {
    const uint32_t Name = U.Name.empty() ? 0 : gate::hashOf(U.Name);
    const uint32_t Used = gate::hashOf(U.Used);
    if (U.Where == gate::Use::Elsewhere)
      Out.Elsewhere.push_back(Used);
    else if (Out.Uses.empty() || Out.Uses.back() != std::pair(Name, Used))
      Out.Uses.emplace_back(Name, Used);
    if (U.Where == gate::Use::InFunction &&
        (Out.Functions.empty() || Out.Functions.back() != Name))
      Out.Functions.push_back(Name);
    if (U.IsPart && U.Used.size() >= ShortestPart)
      Out.Parts.emplace_back(Name, U.Used.str());
  });
  llvm::sort(Out.Uses);
  Out.Uses.erase(std::unique(Out.Uses.begin(), Out.Uses.end()), Out.Uses.end());
  Out.Uses.shrink_to_fit();
  sortOnce(Out.Functions);
  sortOnce(Out.Elsewhere);
}

const HeaderBodies::Text *HeaderBodies::textOf(StringRef Path) const {
  auto It = Texts.find(Path);
  return It == Texts.end() ? nullptr : &It->getValue();
}

void HeaderBodies::read(const Job &Job) {
  const kernel::CompileCommand Command{Job.Directory, Job.File, "",
                                       Job.Arguments};
  Included.read(&Command, [](size_t, size_t) {});
  for (StringRef Path : Included.closure(Job.File))
    readText(Path);
}

CalledNames HeaderBodies::calledBy(const Job &Job) const {
  CalledNames Out;
  std::vector<const Text *> Reached;
  std::vector<uint32_t> Pending;
  for (StringRef Path : Included.closure(Job.File)) {
    const gate::Outline *Outline = Store.of(Path);
    const Text *T = textOf(Path);
    if (!Outline || !T)
      continue;
    // Code that is included is a part of the file, whatever its name.
    if (Path == Job.File || !Path.ends_with(".h")) {
      append_range(Pending, Outline->Words);
      for (const auto &[Name, Part] : T->Parts)
        Out.Parts.insert(Part);
      continue;
    }
    Reached.push_back(T);
    append_range(Pending, T->Elsewhere);
    Out.Defined.insert(T->Functions.begin(), T->Functions.end());
  }
  // Where the definitions of a name are: indices into Reached.
  DenseMap<uint32_t, SmallVector<unsigned, 1>> Places;
  for (unsigned I = 0; I < Reached.size(); ++I)
    for (size_t At = 0; At < Reached[I]->Uses.size(); ++At)
      if (!At || Reached[I]->Uses[At - 1].first != Reached[I]->Uses[At].first)
        Places[Reached[I]->Uses[At].first].push_back(I);
  while (!Pending.empty()) {
    const uint32_t Name = Pending.back();
    Pending.pop_back();
    if (!Out.Called.insert(Name).second)
      continue;
    auto It = Places.find(Name);
    if (It == Places.end())
      continue;
    for (unsigned I : It->second) {
      const auto &Uses = Reached[I]->Uses;
      for (auto Use = llvm::lower_bound(Uses, std::pair(Name, uint32_t(0)));
           Use != Uses.end() && Use->first == Name; ++Use)
        Pending.push_back(Use->second);
    }
  }
  for (const Text *T : Reached)
    for (const auto &[Name, Part] : T->Parts)
      if (!Name || Out.Called.contains(Name))
        Out.Parts.insert(Part);
  return Out;
}

} // namespace pagewarden::scan
