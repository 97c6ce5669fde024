//===- Loader.cpp - Reading the model from YAML ---------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads model files in two steps.  YAMLIO gives the structure: which keys
/// there are and where; it stops at a file's first error.  Then every value is
/// read as what it means, and the entries are held against each other; these
/// errors are all collected, each at the value's own place.
///
/// Files form layers: the built-in files together are the lowest, each extra
/// file is one more.  Within a layer two entries for one call are a
/// contradiction; across layers the later one wins.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Model/Model.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"

using namespace llvm;
using namespace pagewarden::model;

namespace {

/// Highest argument number that a call can have here.
constexpr unsigned MaxArgument = 15;

/// A scalar as it was written, and where.
struct Text {
  std::string Value;
  SMLoc Loc;
  explicit operator bool() const { return Loc.isValid(); }
};

/// One element of 'functions:' as it was written.
struct RawFunction {
  SMLoc Loc;
  Text Name, Since, Until, Params, Role, Resource, Object, Count, Requested,
      Flags, Order, Size, Extra, Conditional, Result, Source, Note;
  std::vector<Text> Spellings, Context, ReleasedBy, Rejects, RejectsTogether;
};

/// One element of 'resources:' as it was written.
struct RawResource {
  Text Name, Singular, Plural, Taken, Returned, Family;
  std::vector<Text> AlsoReturnedAs;
};

/// One element of 'marks:' as it was written.
struct RawMark {
  Text Kind, Words, Source;
  std::vector<Text> Names, With, Arguments, Where, Unless;
};

/// One element of 'families:' as it was written.
struct RawFamily {
  Text Name, Title, Source;
  std::vector<Text> Files, Symbols;
};

struct RawDocument {
  SMLoc Loc;
  bool Described = false; ///< one of the keys is there
  std::vector<RawFamily> Families;
  std::vector<RawMark> Marks;
  std::vector<RawResource> Resources;
  std::vector<RawFunction> Functions;
};

SMLoc currentLoc(yaml::Input &In) {
  const yaml::Node *N = In.getCurrentNode();
  return N ? N->getSourceRange().Start : SMLoc();
}

} // namespace

LLVM_YAML_IS_FLOW_SEQUENCE_VECTOR(Text)
LLVM_YAML_IS_SEQUENCE_VECTOR(RawResource)
LLVM_YAML_IS_SEQUENCE_VECTOR(RawFunction)
LLVM_YAML_IS_SEQUENCE_VECTOR(RawMark)
LLVM_YAML_IS_SEQUENCE_VECTOR(RawFamily)
LLVM_YAML_IS_DOCUMENT_LIST_VECTOR(RawDocument)

// The context of every Input below is the Input itself.
namespace llvm::yaml {

template <> struct ScalarTraits<Text> {
  static void output(const Text &T, void *, raw_ostream &OS) { OS << T.Value; }
  static StringRef input(StringRef Scalar, void *Context, Text &T) {
    T.Value = Scalar.str();
    auto &In = *static_cast<Input *>(Context);
    T.Loc = currentLoc(In);
    return Scalar.trim().empty() && !In.error() ? "no value" : StringRef();
  }
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct MappingTraits<RawResource> {
  static void mapping(IO &Io, RawResource &R) {
    Io.mapRequired("name", R.Name);
    Io.mapRequired("singular", R.Singular);
    Io.mapRequired("plural", R.Plural);
    Io.mapRequired("taken", R.Taken);
    Io.mapRequired("returned", R.Returned);
    Io.mapOptional("family", R.Family);
    Io.mapOptional("also-returned-as", R.AlsoReturnedAs);
  }
};

template <> struct MappingTraits<RawFunction> {
  static void mapping(IO &Io, RawFunction &F) {
    F.Loc = currentLoc(*static_cast<Input *>(Io.getContext()));
    Io.mapRequired("name", F.Name);
    Io.mapOptional("spellings", F.Spellings);
    Io.mapOptional("since", F.Since);
    Io.mapOptional("until", F.Until);
    Io.mapOptional("params", F.Params);
    Io.mapRequired("role", F.Role);
    Io.mapOptional("resource", F.Resource);
    Io.mapOptional("object", F.Object);
    Io.mapOptional("count", F.Count);
    Io.mapOptional("requested", F.Requested);
    Io.mapOptional("flags", F.Flags);
    Io.mapOptional("rejects", F.Rejects);
    Io.mapOptional("rejects-together", F.RejectsTogether);
    Io.mapOptional("order", F.Order);
    Io.mapOptional("size", F.Size);
    Io.mapOptional("extra", F.Extra);
    Io.mapOptional("conditional", F.Conditional);
    Io.mapOptional("result", F.Result);
    Io.mapOptional("context", F.Context);
    Io.mapOptional("released-by", F.ReleasedBy);
    Io.mapRequired("source", F.Source);
    Io.mapOptional("note", F.Note);
  }
};

template <> struct MappingTraits<RawMark> {
  static void mapping(IO &Io, RawMark &M) {
    Io.mapRequired("mark", M.Kind);
    Io.mapRequired("names", M.Names);
    Io.mapOptional("with", M.With);
    Io.mapOptional("arguments", M.Arguments);
    Io.mapOptional("where", M.Where);
    Io.mapOptional("unless", M.Unless);
    Io.mapOptional("text", M.Words);
    Io.mapRequired("source", M.Source);
  }
};

template <> struct MappingTraits<RawFamily> {
  static void mapping(IO &Io, RawFamily &F) {
    Io.mapRequired("family", F.Name);
    Io.mapRequired("title", F.Title);
    Io.mapOptional("files", F.Files);
    Io.mapOptional("symbols", F.Symbols);
    Io.mapRequired("source", F.Source);
  }
};

template <> struct MappingTraits<RawDocument> {
  static void mapping(IO &Io, RawDocument &D) {
    D.Loc = currentLoc(*static_cast<Input *>(Io.getContext()));
    Io.mapOptional("resources", D.Resources);
    Io.mapOptional("functions", D.Functions);
    Io.mapOptional("marks", D.Marks);
    Io.mapOptional("families", D.Families);
    D.Described = !D.Resources.empty() || !D.Functions.empty() ||
                  !D.Marks.empty() || !D.Families.empty();
  }
};

} // namespace llvm::yaml

namespace pagewarden::model {

/// Builds one Model out of several files.
class Loader {
public:
  Loader() : Result(new Model()) {}

  /// Adds files that stand beside each other.
  void addLayer(ArrayRef<MemoryBufferRef> Files);
  void reportUnreadable(StringRef File, std::error_code Why);
  /// Indexes what was read, or returns everything that was wrong with it.
  Expected<std::unique_ptr<Model>> finish();

  /// Keeps the text of a file until the end, for the messages.
  MemoryBufferRef keep(std::unique_ptr<MemoryBuffer> Buffer);

private:
  /// A function of the layer at hand with the places of its values.
  struct Pending {
    std::unique_ptr<Function> F;
    RawFunction Raw;
  };

  std::vector<RawDocument> parse(MemoryBufferRef File);
  void error(SMLoc Loc, const Twine &Message);
  void print(const SMDiagnostic &D);
  void structureError(const SMDiagnostic &D, const yaml::Input &In,
                      StringRef File);
  std::string place(SMLoc Loc) const;

  void readResource(const RawResource &R, StringMap<std::string> &InLayer);
  void readFunction(const RawFunction &Raw, std::vector<Pending> &Layer);
  void readEra(const RawFunction &Raw, Function &F);
  void readObject(const RawFunction &Raw, Function &F);
  void readWords(const RawFunction &Raw, Function &F);
  void checkRole(const RawFunction &Raw, const Function &F);
  bool checkArgument(const Text &T, unsigned Index, const Function &F);
  std::optional<Amount> readAmount(const Text &T, const Function &F);
  std::vector<std::string> readNames(const std::vector<Text> &Names);
  void checkIdentifier(const Text &T);
  void refuse(const Text &T, StringRef Key, Role R, StringRef Why);
  void readMark(const RawMark &Raw);
  void readFamily(const RawFamily &Raw);
  std::vector<std::string> readMembers(const std::vector<Text> &Names);
  std::vector<std::string> readDeclared(const std::vector<Text> &Names);
  void checkContradictions(ArrayRef<Pending> Layer);
  void checkResources(ArrayRef<Pending> Layer);
  void overrideBy(ArrayRef<Pending> Layer);
  void index();
  void checkReleasedBy();

  std::unique_ptr<Model> Result;
  SourceMgr Sources;
  std::string Diagnostics;
  unsigned NumErrors = 0;
  std::vector<std::pair<const Function *, Text>> ReleasedByToCheck;
};

} // namespace pagewarden::model

//===----------------------------------------------------------------------===//
// Structure and messages
//===----------------------------------------------------------------------===//

MemoryBufferRef Loader::keep(std::unique_ptr<MemoryBuffer> Buffer) {
  MemoryBufferRef Ref = *Buffer;
  Sources.AddNewSourceBuffer(std::move(Buffer), SMLoc());
  return Ref;
}

void Loader::print(const SMDiagnostic &D) {
  ++NumErrors;
  raw_string_ostream OS(Diagnostics);
  D.print(nullptr, OS, /*ShowColors=*/false);
}

void Loader::error(SMLoc Loc, const Twine &Message) {
  print(Sources.GetMessage(Loc, SourceMgr::DK_Error, Message));
}

void Loader::reportUnreadable(StringRef File, std::error_code Why) {
  ++NumErrors;
  Diagnostics +=
      (File + ": error: cannot read model file: " + Why.message() + "\n").str();
}

std::string Loader::place(SMLoc Loc) const {
  unsigned Buffer = Sources.FindBufferContainingLoc(Loc);
  return (Sources.getMemoryBuffer(Buffer)->getBufferIdentifier() + ":" +
          Twine(Sources.FindLineNumber(Loc, Buffer)))
      .str();
}

/// The last character before \p Loc, within \p File, that is neither space nor
/// in a comment; with \p Wanted, the last such that is this one.  For nodes
/// that the parser places at the token after them.
static SMLoc lastBefore(SMLoc Loc, StringRef File, char Wanted = 0) {
  StringRef Rest = File.take_front(Loc.getPointer() - File.data());
  while (!Rest.empty()) {
    size_t Break = Rest.rfind('\n');
    size_t Start = Break == StringRef::npos ? 0 : Break + 1;
    StringRef Line = Rest.substr(Start);
    Line = Line.ltrim().starts_with("#") ? "" : Line.split(" #").first;
    size_t At = Wanted ? Line.rfind(Wanted) : Line.find_last_not_of(" \t\r");
    if (At != StringRef::npos)
      return SMLoc::getFromPointer(Line.data() + At);
    Rest = Rest.take_front(Start ? Start - 1 : 0);
  }
  return Loc;
}

/// Puts what YAMLIO says into words for those who write a model.
void Loader::structureError(const SMDiagnostic &D, const yaml::Input &In,
                            StringRef File) {
  if (D.getMessage() == "unknown node kind")
    return error(lastBefore(D.getLoc(), File, '*'),
                 "a value that begins with '*' must be quoted");
  if (D.getMessage() == "not a sequence")
    return error(D.getLoc(), "a list expected, such as [a, b]");
  if (D.getMessage() != "unexpected scalar")
    return print(D);
  if (isa_and_nonnull<yaml::NullNode>(In.getCurrentNode()))
    return error(lastBefore(D.getLoc(), File), "no value");
  // A flow list or mapping is placed behind its bracket.
  const char *At = D.getLoc().getPointer();
  if (At > File.data() && (At[-1] == '[' || At[-1] == '{'))
    --At;
  error(SMLoc::getFromPointer(At),
        "one value expected, not a list or a mapping");
}

std::vector<RawDocument> Loader::parse(MemoryBufferRef File) {
  struct Context {
    Loader &Self;
    StringRef File;
    yaml::Input *In = nullptr;
  } C{*this, File.getBuffer()};
  auto Handle = [](const SMDiagnostic &D, void *Opaque) {
    auto &C = *static_cast<Context *>(Opaque);
    // The tokenizer can fail before there is an Input.
    if (C.In)
      C.Self.structureError(D, *C.In, C.File);
    else
      C.Self.print(D);
  };
  unsigned Before = NumErrors;
  yaml::Input In(File, nullptr, Handle, &C);
  C.In = &In;
  In.setContext(&In);
  std::vector<RawDocument> Documents;
  In >> Documents;
  if (In.error()) {
    if (NumErrors == Before)
      error(SMLoc::getFromPointer(File.getBufferStart()), "not valid YAML");
    return {};
  }
  SMLoc Start = SMLoc::getFromPointer(File.getBufferStart());
  if (Documents.empty())
    error(Start,
          "nothing here; expected 'resources:', 'functions:', 'marks:' or "
          "'families:'");
  for (const RawDocument &D : Documents)
    if (!D.Described)
      error(D.Loc.isValid() ? D.Loc : Start,
            "nothing here; expected 'resources:', 'functions:', 'marks:' or "
            "'families:'");
  return Documents;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Line breaks and indentation of the file are not part of a sentence.
static std::string sentence(const Text &T) {
  SmallVector<StringRef, 16> Words;
  SplitString(T.Value, Words);
  return join(Words, " ");
}

static bool isIdentifier(StringRef Name) {
  return !Name.empty() && !isDigit(Name.front()) &&
         all_of(Name, [](char C) { return isAlnum(C) || C == '_'; });
}

void Loader::checkIdentifier(const Text &T) {
  if (!isIdentifier(T.Value))
    error(T.Loc, "'" + T.Value + "' is not a C identifier");
}

std::vector<std::string> Loader::readNames(const std::vector<Text> &Names) {
  std::vector<std::string> Result;
  for (const Text &T : Names) {
    checkIdentifier(T);
    if (is_contained(Result, T.Value))
      error(T.Loc, "'" + T.Value + "' is listed twice");
    Result.push_back(T.Value);
  }
  return Result;
}

bool Loader::checkArgument(const Text &T, unsigned Index, const Function &F) {
  if (Index > MaxArgument) {
    error(T.Loc, "no argument " + Twine(Index) + ": arguments are arg0 to arg" +
                     Twine(MaxArgument));
    return false;
  }
  if (!F.Params || Index < *F.Params)
    return true;
  if (!*F.Params)
    error(T.Loc, "no argument " + Twine(Index) + ": '" + F.Name +
                     "' has no parameters");
  else
    error(T.Loc, "no argument " + Twine(Index) + ": '" + F.Name + "' has " +
                     Twine(*F.Params) + " parameters, arg0 to arg" +
                     Twine(*F.Params - 1));
  return false;
}

std::optional<Amount> Loader::readAmount(const Text &T, const Function &F) {
  std::optional<Amount> A = parseAmount(T.Value);
  if (!A) {
    error(T.Loc, "'" + T.Value +
                     "' is not an amount; allowed are a number, ret, argN, "
                     "'*argN'");
    return std::nullopt;
  }
  if ((A->Kind == Amount::Arg || A->Kind == Amount::Indirect) &&
      !checkArgument(T, A->Value, F))
    return std::nullopt;
  return A;
}

void Loader::readEra(const RawFunction &Raw, Function &F) {
  auto Read = [&](const Text &T, std::optional<Release> &Into) {
    if (!T)
      return;
    Into = parseRelease(T.Value);
    if (!Into)
      error(T.Loc, "'" + T.Value + "' is not a kernel release such as 5.10");
  };
  Read(Raw.Since, F.Since);
  Read(Raw.Until, F.Until);
  if (F.Since && F.Until && *F.Since >= *F.Until)
    error(Raw.Until.Loc,
          "until " + F.Until->str() + " is not after since " + F.Since->str());
  if (!Raw.Params)
    return;
  unsigned Params = 0;
  if (StringRef(Raw.Params.Value).getAsInteger(10, Params) ||
      Params > MaxArgument + 1)
    return error(Raw.Params.Loc, "'" + Raw.Params.Value +
                                     "' is not a number of parameters; allowed "
                                     "are 0 to " +
                                     Twine(MaxArgument + 1));
  F.Params = Params;
}

void Loader::readObject(const RawFunction &Raw, Function &F) {
  if (Raw.Object) {
    std::optional<Place> P = parsePlace(Raw.Object.Value);
    if (!P)
      error(Raw.Object.Loc,
            "'" + Raw.Object.Value +
                "' is not a place; allowed are ret, ret[], argN, argN[], "
                "'*argN', '*argN[]'");
    else if (P->Base != Place::Arg || checkArgument(Raw.Object, P->Index, F))
      F.Object = *P;
  }
  if (Raw.Count)
    F.Count = readAmount(Raw.Count, F).value_or(Amount());
  for (auto [Given, Field] :
       {std::pair(&Raw.Requested, &F.Requested),
        std::pair(&Raw.Order, &F.Order), std::pair(&Raw.Size, &F.Size)})
    if (*Given)
      *Field = readAmount(*Given, F).value_or(Amount());
  if (!Raw.Flags)
    return;
  std::optional<Amount> A = parseAmount(Raw.Flags.Value);
  if (!A || A->Kind != Amount::Arg)
    error(Raw.Flags.Loc,
          "'" + Raw.Flags.Value + "' is not an argument; allowed is argN");
  else if (checkArgument(Raw.Flags, A->Value, F))
    F.Flags = A->Value;
}

void Loader::readWords(const RawFunction &Raw, Function &F) {
  if (std::optional<Role> R = parseRole(Raw.Role.Value))
    F.TheRole = *R;
  else
    error(Raw.Role.Loc,
          "unknown role '" + Raw.Role.Value + "'; allowed are " + allRoles());
  if (Raw.Result) {
    if (std::optional<model::Result> R = parseResult(Raw.Result.Value))
      F.TheResult = *R;
    else
      error(Raw.Result.Loc, "unknown result '" + Raw.Result.Value +
                                "'; allowed are " + allResults());
  }
  for (auto [Given, Field] : {std::pair(&Raw.Extra, &F.Extra),
                              std::pair(&Raw.Conditional, &F.Conditional)}) {
    if (!*Given)
      continue;
    *Field = Given->Value == "true";
    if (!*Field && Given->Value != "false")
      error(Given->Loc, "'" + Given->Value + "' is neither true nor false");
  }
  for (const Text &T : Raw.Context) {
    if (!isContextWord(T.Value))
      error(T.Loc, "unknown context word '" + T.Value + "'; allowed are " +
                       allContextWords());
    F.Context.push_back(T.Value);
  }
}

//===----------------------------------------------------------------------===//
// What a role needs and what it cannot have
//===----------------------------------------------------------------------===//

void Loader::refuse(const Text &T, StringRef Key, Role R, StringRef Why) {
  if (T)
    error(T.Loc,
          "'" + Key + "' means nothing for role '" + roleName(R) + "': " + Why);
}

static bool isCount(Result R) {
  return R == Result::CountOrErrno || R == Result::CountOrZero ||
         R == Result::BytesOrErrno;
}

static bool isPointer(Result R) {
  return R == Result::PointerOrNull || R == Result::PointerOrErrPtr;
}

void Loader::checkRole(const RawFunction &Raw, const Function &F) {
  if (!parseRole(Raw.Role.Value))
    return;
  auto Need = [&](const Text &T, StringRef Key) {
    if (!T)
      error(Raw.Name.Loc, "'" + F.Name + "' has role '" + roleName(F.TheRole) +
                              "' but no '" + Key + "'");
  };
  switch (F.TheRole) {
  case Role::Acquire:
    Need(Raw.Object, "object");
    Need(Raw.Resource, "resource");
    break;
  case Role::Release:
    Need(Raw.Resource, "resource");
    break;
  case Role::Transfer:
  case Role::Convert:
  case Role::Free:
    Need(Raw.Object, "object");
    break;
  case Role::Context:
    if (F.Context.empty())
      error(Raw.Name.Loc, "'" + F.Name +
                              "' has role 'context' but no "
                              "'context' words");
    refuse(Raw.Object, "object", F.TheRole, "there is no object");
    refuse(Raw.Resource, "resource", F.TheRole, "there is no object");
    break;
  case Role::Borrow:
  case Role::Test:
    break;
  }
  for (const auto *Names : {&Raw.Rejects, &Raw.RejectsTogether})
    if (!Names->empty() && !F.Flags)
      error(Names->front().Loc,
            "'" + F.Name + "' rejects flags but has no 'flags'");
  if (F.TheRole != Role::Acquire) {
    StringRef Why = "nothing is taken";
    refuse(Raw.Requested, "requested", F.TheRole, Why);
    refuse(Raw.Extra, "extra", F.TheRole, Why);
    refuse(Raw.Conditional, "conditional", F.TheRole, Why);
    if (!Raw.ReleasedBy.empty())
      refuse(Raw.ReleasedBy.front(), "released-by", F.TheRole, Why);
    if (F.Object.Base == Place::Ret)
      error(Raw.Object.Loc, "only a function with role 'acquire' has its "
                            "object in 'ret'");
    return;
  }
  if (F.Object.Base == Place::Ret && !isPointer(F.TheResult))
    error(Raw.Object.Loc, "object '" + F.Object.str() +
                              "' needs result pointer-or-null or "
                              "pointer-or-errptr");
  if (F.Count.Kind == Amount::Ret && !isCount(F.TheResult))
    error(Raw.Count.Loc, "count 'ret' needs result count-or-errno, "
                         "count-or-zero or bytes-or-errno");
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

static constexpr StringLiteral Families[] = {"user-pages", "page-allocator"};

void Loader::readResource(const RawResource &R,
                          StringMap<std::string> &InLayer) {
  auto [Other, Inserted] = InLayer.try_emplace(R.Name.Value, place(R.Name.Loc));
  if (!Inserted)
    return error(R.Name.Loc, "resource '" + R.Name.Value +
                                 "' is described already at " + Other->second);
  llvm::erase_if(Result->Resources,
                 [&](const auto &Old) { return Old->Name == R.Name.Value; });
  auto New = std::make_unique<Resource>();
  New->Name = R.Name.Value;
  New->Singular = sentence(R.Singular);
  New->Plural = sentence(R.Plural);
  New->Taken = sentence(R.Taken);
  New->Returned = sentence(R.Returned);
  New->Family = R.Family.Value;
  if (R.Family && !is_contained(Families, New->Family))
    error(R.Family.Loc, "unknown family '" + New->Family + "'; allowed are " +
                            join(ArrayRef(Families), ", "));
  for (const Text &T : R.AlsoReturnedAs)
    New->AlsoReturnedAs.push_back(T.Value);
  New->DefinedAt = place(R.Name.Loc);
  Result->Resources.push_back(std::move(New));
}

void Loader::readFunction(const RawFunction &Raw, std::vector<Pending> &Layer) {
  unsigned Before = NumErrors;
  auto F = std::make_unique<Function>();
  F->Name = Raw.Name.Value;
  checkIdentifier(Raw.Name);
  F->Spellings = readNames(Raw.Spellings);
  for (const Text &T : Raw.Spellings)
    if (T.Value == F->Name)
      error(T.Loc, "'" + T.Value + "' is the name already");
  readEra(Raw, *F);
  readWords(Raw, *F);
  readObject(Raw, *F);
  F->Resource = Raw.Resource.Value;
  F->ReleasedBy = readNames(Raw.ReleasedBy);
  F->Rejects = readNames(Raw.Rejects);
  F->RejectsTogether = readNames(Raw.RejectsTogether);
  F->Source = sentence(Raw.Source);
  F->Note = sentence(Raw.Note);
  F->DefinedAt = place(Raw.Name.Loc);
  if (NumErrors == Before)
    checkRole(Raw, *F);
  Layer.push_back({std::move(F), Raw});
}

/// Identifiers, each with '.member' or '.' behind it or not.
std::vector<std::string> Loader::readMembers(const std::vector<Text> &Names) {
  std::vector<std::string> Result;
  for (const Text &T : Names) {
    auto [Outer, Member] = StringRef(T.Value).split('.');
    if (!isIdentifier(Outer) || (!Member.empty() && !isIdentifier(Member)))
      error(T.Loc,
            "'" + T.Value + "' is neither a C identifier nor 'struct.field'");
    if (is_contained(Result, T.Value))
      error(T.Loc, "'" + T.Value + "' is listed twice");
    Result.push_back(T.Value);
  }
  return Result;
}

/// What a kernel may declare: likewise, or a function with '(N)' behind it.
std::vector<std::string> Loader::readDeclared(const std::vector<Text> &Names) {
  std::vector<std::string> Result;
  for (const Text &T : Names) {
    auto [Name, Count] = StringRef(T.Value).split('(');
    unsigned Params = 0;
    bool Counted = Name != T.Value;
    bool Right =
        Counted
            ? isIdentifier(Name) && Count.consume_back(")") &&
                  !Count.getAsInteger(10, Params) && Params <= MaxArgument + 1
            : isIdentifier(Name.split('.').first) &&
                  (!Name.contains('.') || isIdentifier(Name.split('.').second));
    if (!Right)
      error(T.Loc, "'" + T.Value +
                       "' is neither a C identifier nor 'struct.field' nor "
                       "'function(number of parameters)'");
    Result.push_back(T.Value);
  }
  return Result;
}

void Loader::readMark(const RawMark &Raw) {
  auto M = std::make_unique<Mark>();
  M->Kind = Raw.Kind.Value;
  if (!isMarkKind(M->Kind))
    error(Raw.Kind.Loc,
          "unknown mark '" + M->Kind + "'; allowed are " + allMarkKinds());
  M->Names = readMembers(Raw.Names);
  M->With = readMembers(Raw.With);
  M->Where = readDeclared(Raw.Where);
  M->Unless = readDeclared(Raw.Unless);
  for (const Text &T : Raw.Arguments) {
    std::optional<Amount> A = parseAmount(T.Value);
    if (A && A->Kind == Amount::Arg && A->Value <= MaxArgument)
      M->Arguments.push_back(A->Value);
    else
      error(T.Loc, "'" + T.Value +
                       "' is not an argument; allowed are arg0 to "
                       "arg" +
                       Twine(MaxArgument));
  }
  M->Text = sentence(Raw.Words);
  M->Source = sentence(Raw.Source);
  M->DefinedAt = place(Raw.Kind.Loc);
  Result->Marks.push_back(std::move(M));
}

/// A family that is described again is replaced.
void Loader::readFamily(const RawFamily &Raw) {
  SymbolFamily F;
  F.Name = Raw.Name.Value;
  F.Title = sentence(Raw.Title);
  F.Symbols = readNames(Raw.Symbols);
  for (const Text &T : Raw.Files) {
    if (sys::path::is_absolute(T.Value) || StringRef(T.Value).contains(".."))
      error(T.Loc, "'" + T.Value + "' is no path relative to the kernel");
    if (is_contained(F.Files, T.Value))
      error(T.Loc, "'" + T.Value + "' is listed twice");
    F.Files.push_back(T.Value);
  }
  if (F.Files.empty() && F.Symbols.empty())
    error(Raw.Name.Loc,
          "family '" + F.Name + "' has neither 'files' nor 'symbols'");
  F.Source = sentence(Raw.Source);
  F.DefinedAt = place(Raw.Name.Loc);
  llvm::erase_if(Result->Families,
                 [&](const SymbolFamily &Old) { return Old.Name == F.Name; });
  Result->Families.push_back(std::move(F));
}

static bool erasOverlap(const Function &A, const Function &B) {
  auto EndsBefore = [](const Function &X, const Function &Y) {
    return X.Until && Y.Since && *X.Until <= *Y.Since;
  };
  return !EndsBefore(A, B) && !EndsBefore(B, A);
}

/// One translation unit could mean both.
static bool contradict(const Function &A, const Function &B) {
  return (!A.Params || !B.Params || *A.Params == *B.Params) &&
         erasOverlap(A, B);
}

void Loader::checkContradictions(ArrayRef<Pending> Layer) {
  StringMap<SmallVector<const Function *, 2>> Seen;
  for (const Pending &P : Layer) {
    auto Check = [&](const Text &Name) {
      auto &Others = Seen[Name.Value];
      for (const Function *Other : Others)
        if (Other != P.F.get() && contradict(*Other, *P.F)) {
          error(Name.Loc, "'" + Name.Value + "' is described already at " +
                              Other->DefinedAt +
                              ", for the same parameters and releases");
          break;
        }
      Others.push_back(P.F.get());
    };
    Check(P.Raw.Name);
    for (const Text &Spelling : P.Raw.Spellings)
      Check(Spelling);
  }
}

void Loader::checkResources(ArrayRef<Pending> Layer) {
  for (const Pending &P : Layer) {
    const Text &Name = P.Raw.Resource;
    auto IsIt = [&](const auto &R) { return R->Name == Name.Value; };
    if (!Name || any_of(Result->Resources, IsIt))
      continue;
    std::vector<std::string> Known;
    for (const auto &R : Result->Resources)
      Known.push_back(R->Name);
    llvm::sort(Known);
    error(Name.Loc, "unknown resource '" + Name.Value + "'; known are " +
                        join(Known, ", "));
  }
}

/// Takes the names of the new layer away from everything below it.
void Loader::overrideBy(ArrayRef<Pending> Layer) {
  StringMap<bool> Taken;
  for (const Pending &P : Layer) {
    Taken[P.F->Name] = true;
    for (const std::string &S : P.F->Spellings)
      Taken[S] = true;
  }
  auto IsTaken = [&](StringRef Name) { return Taken.contains(Name); };
  llvm::erase_if(ReleasedByToCheck,
                 [&](const auto &Check) { return IsTaken(Check.first->Name); });
  llvm::erase_if(Result->Functions,
                 [&](const auto &F) { return IsTaken(F->Name); });
  for (auto &F : Result->Functions)
    llvm::erase_if(F->Spellings, IsTaken);
}

void Loader::addLayer(ArrayRef<MemoryBufferRef> Files) {
  std::vector<RawDocument> Documents;
  for (MemoryBufferRef File : Files)
    for (RawDocument &D : parse(File))
      Documents.push_back(std::move(D));

  StringMap<std::string> ResourcesInLayer;
  std::vector<Pending> Layer;
  for (const RawDocument &D : Documents)
    for (const RawResource &R : D.Resources)
      readResource(R, ResourcesInLayer);
  for (const RawDocument &D : Documents)
    for (const RawFunction &F : D.Functions)
      readFunction(F, Layer);

  for (const RawDocument &D : Documents)
    for (const RawMark &M : D.Marks)
      readMark(M);
  for (const RawDocument &D : Documents)
    for (const RawFamily &F : D.Families)
      readFamily(F);

  checkContradictions(Layer);
  checkResources(Layer);
  overrideBy(Layer);
  for (Pending &P : Layer) {
    for (const Text &T : P.Raw.ReleasedBy)
      ReleasedByToCheck.push_back({P.F.get(), T});
    Result->Functions.push_back(std::move(P.F));
  }
}

void Loader::index() {
  for (const auto &F : Result->Functions) {
    Result->BySpelling[F->Name].push_back(F.get());
    for (const std::string &S : F->Spellings)
      Result->BySpelling[S].push_back(F.get());
  }
  for (auto &Shapes : Result->BySpelling)
    llvm::stable_sort(Shapes.second, [](const Function *A, const Function *B) {
      return A->Since < B->Since;
    });
  for (const auto &R : Result->Resources)
    Result->ResourceByName[R->Name] = R.get();
  // The last one that marks a name is right.
  for (const auto &M : Result->Marks)
    for (const std::string &Name : M->Names)
      Result->MarkByKind[M->Kind][Name].push_back(M.get());
}

/// A report says "'X' expected": X must be something that gives back.
void Loader::checkReleasedBy() {
  for (const auto &[F, Name] : ReleasedByToCheck) {
    ArrayRef<const Function *> Shapes = Result->lookup(Name.Value);
    if (Shapes.empty())
      error(Name.Loc, "'" + Name.Value + "' is not described anywhere");
    else if (none_of(Shapes, [](const Function *S) {
               return S->TheRole == Role::Release || S->TheRole == Role::Free;
             }))
      error(Name.Loc, "'" + Name.Value + "' gives nothing back: its role is '" +
                          roleName(Shapes.back()->TheRole) + "'");
  }
}

Expected<std::unique_ptr<Model>> Loader::finish() {
  index();
  checkReleasedBy();
  if (!NumErrors)
    return std::move(Result);
  return createStringError(inconvertibleErrorCode(), "%u %s in the model\n%s",
                           NumErrors, NumErrors == 1 ? "error" : "errors",
                           StringRef(Diagnostics).rtrim().str().c_str());
}

//===----------------------------------------------------------------------===//
// The way in
//===----------------------------------------------------------------------===//

namespace {
struct BuiltinFile {
  StringLiteral Name, Contents;
};
} // namespace

static constexpr BuiltinFile BuiltinFiles[] = {
#define PAGEWARDEN_FILE(NAME, CONTENTS) {NAME, CONTENTS},
#include "BuiltinModel.inc"
#undef PAGEWARDEN_FILE
};

Expected<std::unique_ptr<Model>> Model::load(ArrayRef<std::string> ExtraFiles) {
  Loader L;
  std::vector<MemoryBufferRef> Builtin;
  for (const BuiltinFile &F : BuiltinFiles)
    Builtin.push_back(L.keep(MemoryBuffer::getMemBuffer(F.Contents, F.Name)));
  L.addLayer(Builtin);
  for (const std::string &Path : ExtraFiles) {
    auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
    if (std::error_code EC = Buffer.getError())
      L.reportUnreadable(Path, EC);
    else
      L.addLayer({L.keep(std::move(*Buffer))});
  }
  return L.finish();
}

Expected<std::shared_ptr<const Model>>
Model::shared(ArrayRef<std::string> ExtraFiles) {
  static std::shared_ptr<const Model> Kept;
  static std::vector<std::string> KeptFiles;
  if (Kept && ExtraFiles == ArrayRef<std::string>(KeptFiles))
    return Kept;
  Expected<std::unique_ptr<Model>> Loaded = load(ExtraFiles);
  if (!Loaded)
    return Loaded.takeError();
  Kept = std::move(*Loaded);
  KeptFiles = ExtraFiles.vec();
  return Kept;
}
