//===- Model.h - The kernel's API as data -----------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What checkers know about kernel functions: which of them take references,
/// which give them back, where the pages are, what counts them.  A checker
/// asks for roles and never spells a function's name.
///
/// The model is read from YAML (see docs/model.md for the format).  The part
/// that comes with pagewarden is compiled in; users add files of their own.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_MODEL_MODEL_H
#define PAGEWARDEN_MODEL_MODEL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pagewarden::model {

/// What a function does with the object it is about.
enum class Role {
  /// Takes a reference (or memory) that somebody must give back.
  Acquire,
  /// Gives one back.
  Release,
  /// Hands the object to something that gives it back later (a bio, an sg
  /// table, an skb): after this the caller owes nothing.
  Transfer,
  /// Uses the object and keeps nothing: ownership stays where it is.
  Borrow,
  /// Returns another name of the same object (a page's folio, its address).
  Convert,
  /// Answers a question about the object.
  Test,
  /// Changes the context (locks, preemption); no object.
  Context,
  /// Frees the memory that holds an object's address, e.g. the page array.
  Free,
};

/// How a result says success.
enum class Result {
  None,            ///< void, or says nothing
  CountOrErrno,    ///< number taken (possibly less than asked), or -errno
  CountOrZero,     ///< number taken, 0 for failure
  BytesOrErrno,    ///< bytes covered, or -errno
  ZeroOrErrno,     ///< 0 when everything was done, -errno when nothing was
  PointerOrNull,   ///< pointer, or NULL
  PointerOrErrPtr, ///< pointer, or ERR_PTR(-errno)
  Bool,            ///< true when it was done
};

/// Where an object is, relative to a call.  Spelled in YAML:
///   ret       the returned pointer is the object
///   ret[]     the returned pointer is an array of objects
///   argN      argument N (from 0) is the object
///   argN[]    argument N points to an array of objects
///   *argN     argument N points to the object's pointer
///   *argN[]   argument N points to a pointer to an array of objects
struct Place {
  enum BaseKind { None, Ret, Arg } Base = None;
  unsigned Index = 0;    ///< argument number; meaningless unless Base is Arg
  bool Indirect = false; ///< a leading '*'
  bool Array = false;    ///< a trailing '[]'

  explicit operator bool() const { return Base != None; }
  bool operator==(const Place &) const = default;
  std::string str() const;
};

/// A number relative to a call.  Spelled in YAML: an integer, 'ret', 'argN',
/// '*argN'.
struct Amount {
  enum AmountKind { None, Constant, Ret, Arg, Indirect } Kind = None;
  uint64_t Value = 0; ///< the constant, or the argument number

  explicit operator bool() const { return Kind != None; }
  bool operator==(const Amount &) const = default;
  std::string str() const;
};

/// A kernel release, "5.10" as {5, 10}.
struct Release {
  unsigned Major = 0, Minor = 0;
  auto operator<=>(const Release &) const = default;
  std::string str() const;
};

/// One shape of one function.  A function whose signature changed has several
/// entries; which of them a translation unit means is decided by the declared
/// number of parameters, not by a version number.
struct Function {
  /// Name as written in the source, and further spellings of the same thing:
  /// 6.12's alloc_pages is a macro over alloc_pages_noprof.
  std::string Name;
  std::vector<std::string> Spellings;
  /// First release that has this shape, and first that has not any more.
  std::optional<Release> Since, Until;
  /// Number of declared parameters, where several shapes share a name.
  std::optional<unsigned> Params;
  Role TheRole = Role::Borrow;
  /// What is taken or given back: "pin", "ref", "page", "pgmap", "memory" ...
  /// Acquire and release match when their resources are equal.
  std::string Resource;
  Place Object;
  /// How many objects were taken or are given back.
  Amount Count;
  /// How many were asked for.
  Amount Requested;
  /// Number of the flags argument.
  std::optional<unsigned> Flags;
  /// Flags, by name, that the function refuses, and sets of flags that it
  /// refuses together.  Their values are those of the code under analysis.
  std::vector<std::string> Rejects, RejectsTogether;
  /// The order of what is taken or given back (2^order pages); unset where
  /// there is no such thing.
  Amount Order;
  /// Its size in bytes, likewise.
  Amount Size;
  /// The reference is one more on something that was there already (get_page,
  /// bio_iov_iter_get_pages): true to a balance of counts, of no use to a
  /// search for leaks.
  bool Extra = false;
  /// Whether anything is taken depends on what the call does not show (the
  /// kind of an iterator): nothing is judged as lost.
  bool Conditional = false;
  Result TheResult = Result::None;
  /// Rules of the context, as docs/model.md lists them: "may-sleep",
  /// "mmap-lock-held", "mmap-lock-not-held", "locks:mmap-read" ...
  std::vector<std::string> Context;
  /// Functions to name in a report as what was expected (acquire only).
  std::vector<std::string> ReleasedBy;
  /// Kernel source or document that the entry comes from.
  std::string Source;
  /// One sentence for 'pagewarden model explain'.
  std::string Note;
  /// Where the entry stands: "gup.yaml:12", for messages.
  std::string DefinedAt;

  bool hasContext(llvm::StringRef Rule) const;
  /// True when \p Callee is the name or one of the spellings.
  bool isSpelled(llvm::StringRef Callee) const;
};

/// One kind of thing that is held, with the words for it.
struct Resource {
  std::string Name;     ///< key: "pin"
  std::string Singular; ///< "pinned page"
  std::string Plural;   ///< "pinned pages"
  std::string Taken;    ///< past participle, "pinned"
  std::string Returned; ///< past participle, "unpinned"
  /// Whose promises it follows: "user-pages", "page-allocator", or empty.
  std::string Family;
  /// Resources whose releases give this one back as well.
  std::vector<std::string> AlsoReturnedAs;
  std::string DefinedAt;

  bool isReturnedAs(llvm::StringRef Resource) const;
};

/// Says one thing about some functions, fields, enumerators or macros that
/// checks ask for: "these take that lock inside", "these fields are something
/// else in a page of a device".  docs/model.md lists the kinds.
struct Mark {
  std::string Kind; ///< "needs-lock"
  /// C identifiers, or "struct.field", or "struct." for each of its fields.
  std::vector<std::string> Names;
  /// What the kind relates them to: the other half of a pair, what is
  /// required.  Spelled like Names.
  std::vector<std::string> With;
  /// The arguments that it is about, by number.
  std::vector<unsigned> Arguments;
  /// Of which kernels this is true: the code under analysis declares one of
  /// \c Where, if there are any, and none of \c Unless.  Spelled like Names,
  /// or "function(3)" for one with three parameters.
  std::vector<std::string> Where, Unless;
  std::string Text;      ///< words for the report
  std::string Source;    ///< kernel source or document it comes from
  std::string DefinedAt; ///< "hotplug.yaml:12"
};

/// Exports that belong together and are judged together: their classes (plain
/// or GPL-only) should have one reason.
struct SymbolFamily {
  std::string Name;  ///< key: "memory-hotplug"
  std::string Title; ///< for reports: "memory hotplug"
  /// Source files, relative to the kernel's tree, all of whose exports are
  /// members.
  std::vector<std::string> Files;
  /// Members from elsewhere, or by the name that some kernels have.
  std::vector<std::string> Symbols;
  std::string Source;    ///< kernel source or document it comes from
  std::string DefinedAt; ///< "families.yaml:12"
};

/// An immutable set of functions and resources.
class Model {
public:
  /// Reads the built-in model and then \p ExtraFiles in order; an entry of a
  /// later file takes its name and spellings away from all entries of the
  /// earlier ones.  Every error of every file is in the returned error, with
  /// file, line and column, and the line with a caret.
  static llvm::Expected<std::unique_ptr<Model>>
  load(llvm::ArrayRef<std::string> ExtraFiles = {});

  /// The same, kept for whoever asks for the same files next: reading the
  /// model costs a tenth of what parsing a file of the kernel does.  Forked
  /// processes inherit it.  Not for two threads at once.
  static llvm::Expected<std::shared_ptr<const Model>>
  shared(llvm::ArrayRef<std::string> ExtraFiles = {});

  /// All shapes of the function that is spelled \p Name, oldest first; empty
  /// when the model does not know it.  One hash lookup.
  llvm::ArrayRef<const Function *> lookup(llvm::StringRef Name) const;

  /// The newest shape of \p Name with \p Params declared parameters (without a
  /// trailing '...'), else the newest that does not say how many it has, or
  /// null.
  const Function *lookup(llvm::StringRef Name, unsigned Params) const;

  const Resource *resource(llvm::StringRef Name) const;

  /// The family of what \p F takes, or "" when it takes nothing that a path is
  /// followed for.
  llvm::StringRef familyTaken(const Function &F) const;

  /// The mark of \p Kind that \p Name has, or null.  One hash lookup.  Of
  /// several, the last, in whichever kernels it is true.
  const Mark *mark(llvm::StringRef Kind, llvm::StringRef Name) const;
  /// All of them, in their order.
  llvm::ArrayRef<const Mark *> marks(llvm::StringRef Kind,
                                     llvm::StringRef Name) const;

  llvm::ArrayRef<std::unique_ptr<Mark>> marks() const { return Marks; }

  /// Functions that take nothing, but are worth exploring for what is marked.
  bool isExplored(llvm::StringRef Name) const {
    return mark("explored", Name) != nullptr;
  }

  llvm::ArrayRef<std::unique_ptr<Function>> functions() const {
    return Functions;
  }
  llvm::ArrayRef<std::unique_ptr<Resource>> resources() const {
    return Resources;
  }
  llvm::ArrayRef<SymbolFamily> families() const { return Families; }
  /// Null when there is none of that name.
  const SymbolFamily *family(llvm::StringRef Name) const;

private:
  friend class Loader;
  Model() = default;
  std::vector<std::unique_ptr<Function>> Functions;
  std::vector<std::unique_ptr<Resource>> Resources;
  llvm::StringMap<std::vector<const Function *>> BySpelling;
  llvm::StringMap<const Resource *> ResourceByName;
  std::vector<std::unique_ptr<Mark>> Marks;
  llvm::StringMap<llvm::StringMap<std::vector<const Mark *>>> MarkByKind;
  std::vector<SymbolFamily> Families;
};

llvm::StringRef roleName(Role R);     ///< "acquire"
llvm::StringRef resultName(Result R); ///< "count-or-errno"

/// Reads one of the words above, or nothing when it is none.
std::optional<Role> parseRole(llvm::StringRef Word);
std::optional<Result> parseResult(llvm::StringRef Word);
/// Read a place or an amount as spelled above, with any argument number.
std::optional<Place> parsePlace(llvm::StringRef Text);
std::optional<Amount> parseAmount(llvm::StringRef Text);
/// "5.10"
std::optional<Release> parseRelease(llvm::StringRef Text);
/// True for the words that docs/model.md lists, and for locks:, unlocks: and
/// trylocks: followed by the name of a lock.
bool isContextWord(llvm::StringRef Word);
/// True for the kinds of marks that docs/model.md lists.
bool isMarkKind(llvm::StringRef Word);
/// All words, comma-separated, for messages.
std::string allMarkKinds();
std::string allRoles();
std::string allResults();
std::string allContextWords();

} // namespace pagewarden::model

#endif // PAGEWARDEN_MODEL_MODEL_H
