//===- Words.cpp - The words that the model is written in -----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Roles, results, places, amounts, releases and context words: how each is
/// spelled, both ways.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Model/Model.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace pagewarden::model;

namespace {

template <typename T> struct Word {
  StringLiteral Spelling;
  T Value;
};

constexpr Word<Role> Roles[] = {
    {"acquire", Role::Acquire},   {"release", Role::Release},
    {"transfer", Role::Transfer}, {"borrow", Role::Borrow},
    {"convert", Role::Convert},   {"test", Role::Test},
    {"context", Role::Context},   {"free", Role::Free},
};

constexpr Word<Result> Results[] = {
    {"none", Result::None},
    {"count-or-errno", Result::CountOrErrno},
    {"count-or-zero", Result::CountOrZero},
    {"bytes-or-errno", Result::BytesOrErrno},
    {"zero-or-errno", Result::ZeroOrErrno},
    {"pointer-or-null", Result::PointerOrNull},
    {"pointer-or-errptr", Result::PointerOrErrPtr},
    {"bool", Result::Bool},
};

constexpr StringLiteral ContextWords[] = {
    "may-sleep",
    "irq-safe",
    "mmap-lock-held",
    "mmap-lock-not-held",
    "mmap-lock-dropped",
    "mmap-write-lock-not-held",
    "zeroed",
    "leaves-memory",
    "address",
    "frees-memory",
    "null-ok",
    "one-reference",
    "positive-count",
    "zero-when-refused",
    "count-not-negative",
    "marks-dirty",
    "needs-page-lock",
    "writes-page",
    "watches-mm",
    "names-object",
    "counts-object",
    "tells-last",
    "compound",
    "takes-reference",
};

constexpr StringLiteral LockPrefixes[] = {"locks:", "unlocks:", "trylocks:"};

constexpr StringLiteral Questions[] = {"asks:err-ptr", "asks:err-ptr-or-null",
                                       "asks:errno",   "asks:errno-or-zero",
                                       "asks:pins",    "asks:no-pins"};

constexpr StringLiteral MarkKinds[] = {
    "explored",
    "looked-at",
    // Memory that user space has mapped
    "mm-watcher",
    // Memory hotplug
    "needs-lock",
    "takes-lock",
    "locks",
    "unlocks",
    "starts-unlocked",
    "opens",
    "must-use",
    "names-resource",
    "aligned-range",
    "flag-needs",
    "flag-needed",
    "flag-asks",
    "flag-says-group",
    "group-number",
    "node-number",
    "removes-range",
    "frees-range",
    "adds-device-memory",
    "memory-end",
    "takes-flags",
    "parameter-needs",
    // Device page maps
    "may-not-be-zero",
    "pgmap-type",
    "pgmap-field",
    "pgmap-needs",
    "pgmap-maps",
    "pgmap-unmaps",
    "pgmap-get",
    "pgmap-put",
    "pgmap-looks",
    "pgmap-stale",
    "pgmap-goes-with",
    "pgmap-altmap",
    "pgmap-room",
    "pgmap-ranges",
    "pgmap-range",
    "pgmap-evicts",
    "ram-number",
    // Device pages
    "zone-test",
    "zone-source",
    "zone-sink",
    "zone-field",
    "zone-list",
    "zone-write",
    "zone-owner",
    "idle-count",
    "zone-hands-out",
    "zone-link",
    "zone-methods",
    "private-callback",
    "private-page",
    "private-type",
    "private-test",
    "memory-type",
    "cpu-access",
    "same-owner",
    "entry-length",
    "pfn-exists",
    "pfn-online",
    "page-diagnosis",
    "outside-number",
    "span-number",
    "parses-number",
    "altmap-offset",
    "number-of-page",
    "page-of-pfn",
    "page-of-address",
    "page-of-mapping",
    "page-of-entry",
    "page-name",
    "page-count-set",
    "page-count",
    "page-reserved",
    "asserts",
    "blind-get",
    // Allocation flags
    "gfp-type",
    "gfp-refuses",
    "gfp-ignores",
    "gfp-needs",
    "gfp-prefers",
    "gfp-excludes",
    "gfp-contradicts",
    "gfp-redundant",
    "gfp-flag-needs",
    "gfp-flag-wants",
    "gfp-flag-order",
    "gfp-flag-node",
    "gfp-never-fails",
    "gfp-clears",
    "gfp-compound",
    "gfp-to-user",
    "dereferences",
    "describes-page",
    "gfp-alone",
    "gfp-gone",
    // Contexts that must not sleep
    "atomic-begin",
    "atomic-end",
    "atomic-callback",
    "atomic-test",
    "sleeps",
    "gfp-blocks",
    "gfp-kept",
    // Export policy
    "export-allowed",
    "incidental",
    "open-api",
    "looks-up-symbol",
    "refuses-plain-symbol",
    "probe-name",
    "probe-address",
    "opens-file",
    "walks-page-table",
    "takes-page",
    "private-struct",
    "private-function",
    "private-field",
};

template <typename T>
StringRef spelling(ArrayRef<Word<T>> Table, const T &Value) {
  for (const Word<T> &W : Table)
    if (W.Value == Value)
      return W.Spelling;
  return "?";
}

template <typename T>
std::optional<T> find(ArrayRef<Word<T>> Table, StringRef Text) {
  for (const Word<T> &W : Table)
    if (W.Spelling == Text)
      return W.Value;
  return std::nullopt;
}

template <typename T> std::string all(ArrayRef<Word<T>> Table) {
  return join(map_range(Table, [](const Word<T> &W) { return W.Spelling; }),
              ", ");
}

/// The number of 'argN'; no sign, no leading zero, no space.
std::optional<unsigned> argumentNumber(StringRef Text) {
  unsigned Number = 0;
  if (!Text.consume_front("arg") || Text.empty() ||
      !all_of(Text, [](char C) { return isDigit(C); }) ||
      (Text.size() > 1 && Text.front() == '0') || Text.getAsInteger(10, Number))
    return std::nullopt;
  return Number;
}

} // namespace

StringRef pagewarden::model::roleName(Role R) {
  return spelling<Role>(Roles, R);
}

StringRef pagewarden::model::resultName(Result R) {
  return spelling<Result>(Results, R);
}

std::optional<Role> pagewarden::model::parseRole(StringRef Text) {
  return find<Role>(Roles, Text);
}

std::optional<Result> pagewarden::model::parseResult(StringRef Text) {
  return find<Result>(Results, Text);
}

std::string pagewarden::model::allRoles() { return all<Role>(Roles); }

std::string pagewarden::model::allResults() { return all<Result>(Results); }

std::string pagewarden::model::allContextWords() {
  return join(ArrayRef(ContextWords), ", ") +
         ", locks:<lock>, unlocks:<lock>, trylocks:<lock>, " +
         join(ArrayRef(Questions), ", ");
}

bool pagewarden::model::isContextWord(StringRef Text) {
  if (is_contained(ContextWords, Text) || is_contained(Questions, Text))
    return true;
  for (StringRef Prefix : LockPrefixes)
    if (Text.consume_front(Prefix))
      return !Text.empty() &&
             all_of(Text, [](char C) { return isAlnum(C) || C == '-'; });
  return false;
}

bool pagewarden::model::isMarkKind(StringRef Text) {
  return is_contained(MarkKinds, Text);
}

std::string pagewarden::model::allMarkKinds() {
  return join(ArrayRef(MarkKinds), ", ");
}

std::optional<Place> pagewarden::model::parsePlace(StringRef Text) {
  Place P;
  P.Indirect = Text.consume_front("*");
  P.Array = Text.consume_back("[]");
  if (Text == "ret") {
    P.Base = Place::Ret;
    // What '*ret' would be has no use so far.
    return P.Indirect ? std::nullopt : std::optional(P);
  }
  std::optional<unsigned> Number = argumentNumber(Text);
  if (!Number)
    return std::nullopt;
  P.Base = Place::Arg;
  P.Index = *Number;
  return P;
}

std::optional<Amount> pagewarden::model::parseAmount(StringRef Text) {
  Amount A;
  if (Text == "ret") {
    A.Kind = Amount::Ret;
    return A;
  }
  if (!Text.empty() && isDigit(Text.front())) {
    A.Kind = Amount::Constant;
    if (Text.getAsInteger(10, A.Value))
      return std::nullopt;
    return A;
  }
  A.Kind = Text.consume_front("*") ? Amount::Indirect : Amount::Arg;
  std::optional<unsigned> Number = argumentNumber(Text);
  if (!Number)
    return std::nullopt;
  A.Value = *Number;
  return A;
}

std::optional<Release> pagewarden::model::parseRelease(StringRef Text) {
  auto [Major, Minor] = Text.split('.');
  Release R;
  if (Major.getAsInteger(10, R.Major) || Minor.getAsInteger(10, R.Minor))
    return std::nullopt;
  return R;
}

std::string Place::str() const {
  if (Base == None)
    return "";
  return (Twine(Indirect ? "*" : "") +
          (Base == Ret ? std::string("ret") : "arg" + utostr(Index)) +
          (Array ? "[]" : ""))
      .str();
}

std::string Amount::str() const {
  switch (Kind) {
  case None:
    return "";
  case Constant:
    return utostr(Value);
  case Ret:
    return "ret";
  case Arg:
    return "arg" + utostr(Value);
  case Indirect:
    return "*arg" + utostr(Value);
  }
  return "";
}

std::string Release::str() const { return utostr(Major) + "." + utostr(Minor); }
