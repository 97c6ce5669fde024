//===- ModelCommand.cpp - pagewarden model --------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// pagewarden model list | explain NAME... | check FILE...
///
//===----------------------------------------------------------------------===//

#include "Command.h"
#include "pagewarden/Model/Model.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace pagewarden;
using namespace pagewarden::model;
using namespace pagewarden::tool;

static int runModel();
static Command ModelCommand("model",
                            "Show or check what is known of the kernel",
                            runModel);

static cl::list<std::string>
    Words(cl::Positional, cl::sub(ModelCommand),
          cl::desc("list | explain NAME... | check FILE..."));
static cl::list<std::string>
    ModelFiles("model", cl::sub(ModelCommand), cl::value_desc("file"),
               cl::desc("A model file of your own, over the built-in one; "
                        "repeatable (list, explain)"));
static cl::opt<std::string> RoleFilter("role", cl::sub(ModelCommand),
                                       cl::value_desc("role"),
                                       cl::desc("Only this role (list)"));

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// "6.5 to before 7.3", "since 6.5", "before 6.5", or nothing.
static std::string era(const Function &F) {
  if (F.Since && F.Until)
    return F.Since->str() + " to before " + F.Until->str();
  if (F.Since)
    return "since " + F.Since->str();
  return F.Until ? "before " + F.Until->str() : "";
}

static std::string argument(uint64_t Index) {
  return "argument " + utostr(Index);
}

static std::string inWords(const Place &P) {
  if (P.Base == Place::Ret)
    return P.Array ? "the array that the result points to" : "the result";
  std::string Arg = argument(P.Index);
  if (P.Indirect)
    return P.Array
               ? "the array whose address is stored where " + Arg + " points to"
               : "stored where " + Arg + " points to";
  return P.Array ? "the array that " + Arg + " points to" : Arg;
}

static std::string inWords(const Amount &A) {
  switch (A.Kind) {
  case Amount::None:
    return "";
  case Amount::Constant:
    return utostr(A.Value);
  case Amount::Ret:
    return "the result";
  case Amount::Arg:
    return argument(A.Value);
  case Amount::Indirect:
    return "the number that " + argument(A.Value) + " points to";
  }
  return "";
}

static StringRef inWords(Result R) {
  switch (R) {
  case Result::None:
    return "";
  case Result::CountOrErrno:
    return "the number taken, possibly fewer than asked for, or -errno";
  case Result::CountOrZero:
    return "the number taken, or 0 on failure";
  case Result::BytesOrErrno:
    return "the number of bytes covered, or -errno";
  case Result::ZeroOrErrno:
    return "0, or -errno when nothing was done";
  case Result::PointerOrNull:
    return "a pointer, or NULL on failure";
  case Result::PointerOrErrPtr:
    return "a pointer, or ERR_PTR(-errno) on failure";
  case Result::Bool:
    return "true when it was done";
  }
  return "";
}

/// "pinned pages (pin)"; "page" when the entry names no resource.
static std::string things(const Model &M, const Function &F) {
  const Resource *R = M.resource(F.Resource);
  return R ? R->Plural + " (" + R->Name + ")" : "the object";
}

static std::string inWords(const Model &M, const Function &F) {
  switch (F.TheRole) {
  case Role::Acquire:
    return "takes " + things(M, F) +
           (F.Extra ? ", held by something that was there already" : "");
  case Role::Release:
    return "gives back " + things(M, F);
  case Role::Transfer:
    return "hands the object on; the caller owes nothing afterwards";
  case Role::Borrow:
    return "uses its arguments and keeps none of them";
  case Role::Convert:
    return "returns another name of the object";
  case Role::Test:
    return "answers a question about the object";
  case Role::Context:
    return "changes or needs a context; there is no object";
  case Role::Free:
    return "frees the memory and whatever array is in it";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// explain
//===----------------------------------------------------------------------===//

static void printRow(StringRef Label, const Twine &Value) {
  std::string Text = Value.str();
  if (!Text.empty())
    outs() << formatv("  {0,-13}{1}\n", Label, Text);
}

static std::string countInWords(const Function &F) {
  std::string Text = inWords(F.Count);
  if (F.Count.Kind == Amount::Ret && F.TheResult == Result::BytesOrErrno)
    Text += ", in bytes from the first page's offset";
  return Text;
}

static void explain(const Model &M, const Function &F) {
  outs() << F.Name;
  if (F.Params)
    outs() << ", " << *F.Params
           << (*F.Params == 1 ? " parameter" : " parameters");
  if (std::string Era = era(F); !Era.empty())
    outs() << ", " << Era;
  outs() << '\n';
  printRow("role", roleName(F.TheRole) + ": " + inWords(M, F));
  if (F.Object)
    printRow("object", inWords(F.Object));
  printRow("count", countInWords(F));
  printRow("requested", inWords(F.Requested));
  if (F.Flags)
    printRow("flags", argument(*F.Flags));
  printRow("result", inWords(F.TheResult));
  printRow("context", join(F.Context, ", "));
  printRow("released by", join(F.ReleasedBy, ", "));
  printRow("also spelled", join(F.Spellings, ", "));
  printRow("source", F.Source);
  printRow("note", F.Note);
  printRow("defined at", F.DefinedAt);
}

static int runExplain(const Model &M, ArrayRef<std::string> Names) {
  if (Names.empty())
    return fail("'model explain' needs the name of a function");
  int Status = NothingFound;
  bool First = true;
  for (const std::string &Name : Names) {
    ArrayRef<const Function *> Shapes = M.lookup(Name);
    if (Shapes.empty())
      Status = fail("the model does not know '" + Name + "'");
    for (const Function *F : Shapes) {
      if (!std::exchange(First, false))
        outs() << '\n';
      explain(M, *F);
    }
  }
  return Status;
}

//===----------------------------------------------------------------------===//
// list
//===----------------------------------------------------------------------===//

static void addOnce(SmallVectorImpl<std::string> &Parts, std::string Text) {
  if (!Text.empty() && !is_contained(Parts, Text))
    Parts.push_back(std::move(Text));
}

/// One line for all shapes of one function.
static void printLine(ArrayRef<const Function *> Shapes) {
  SmallVector<std::string, 4> Roles, Resources, Objects, Params;
  for (const Function *F : Shapes) {
    addOnce(Roles, roleName(F->TheRole).str());
    addOnce(Resources, F->Resource);
    addOnce(Objects, F->Object.str());
    if (F->Params)
      addOnce(Params, utostr(*F->Params));
  }
  auto OrDash = [](ArrayRef<std::string> Parts) {
    return Parts.empty() ? std::string("-") : join(Parts, "|");
  };
  outs() << formatv("{0,-36} {1,-9} {2,-12} {3,-12} {4}\n",
                    Shapes.front()->Name, OrDash(Roles), OrDash(Resources),
                    OrDash(Objects), OrDash(Params));
}

static int runList(const Model &M) {
  std::optional<Role> Wanted;
  if (!RoleFilter.empty()) {
    Wanted = parseRole(RoleFilter);
    if (!Wanted)
      return fail("unknown role '" + RoleFilter + "'; allowed are " +
                  allRoles());
  }
  SmallVector<StringRef, 0> Names;
  for (const auto &F : M.functions())
    if (!Wanted || F->TheRole == *Wanted)
      Names.push_back(F->Name);
  llvm::sort(Names);
  Names.erase(llvm::unique(Names), Names.end());
  outs() << formatv("{0,-36} {1,-9} {2,-12} {3,-12} {4}\n", "function", "role",
                    "resource", "object", "parameters");
  for (StringRef Name : Names) {
    // A name can be another function's spelling, too.
    SmallVector<const Function *, 4> Shapes;
    for (const Function *F : M.lookup(Name))
      if (F->Name == Name && (!Wanted || F->TheRole == *Wanted))
        Shapes.push_back(F);
    printLine(Shapes);
  }
  return NothingFound;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static int runCheck(ArrayRef<std::string> Files) {
  if (Files.empty())
    return fail("'model check' needs a model file");
  Expected<std::unique_ptr<Model>> M = Model::load(Files);
  if (!M)
    return fail(M.takeError());
  outs() << formatv("{0}: no errors; {1} functions, {2} resources with the "
                    "built-in model\n",
                    join(Files, ", "), (*M)->functions().size(),
                    (*M)->resources().size());
  return NothingFound;
}

static int runModel() {
  ArrayRef<std::string> Rest = Words;
  if (Rest.empty())
    return fail("'model' needs one of: list, explain NAME..., check FILE...");
  StringRef Action = Rest.front();
  Rest = Rest.drop_front();
  if (!RoleFilter.empty() && Action != "list")
    return fail("'--role' is for 'model list'");
  if (Action == "check") {
    if (!ModelFiles.empty())
      return fail("'model check' takes its files without '--model'");
    return runCheck(Rest);
  }
  if (Action != "list" && Action != "explain")
    return fail("'model " + Action +
                "' is not known; allowed are list, explain, check");
  if (Action == "list" && !Rest.empty())
    return fail("'model list' takes no names; 'model explain " + Rest.front() +
                "' shows one");
  Expected<std::unique_ptr<Model>> M = Model::load(ModelFiles);
  if (!M)
    return fail(M.takeError());
  return Action == "list" ? runList(**M) : runExplain(**M, Rest);
}
