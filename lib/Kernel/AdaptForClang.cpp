//===- AdaptForClang.cpp - gcc's commands in clang's words ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel tree that is configured for gcc has flags in its commands that
/// stop clang.  Which ones is data, below; the list was made by giving clang 19
/// and 22 every flag that kernel makefiles and gcc's manual name.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/CompileDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace pagewarden::kernel {

namespace {

enum class Match {
  Exact,     ///< the flag and nothing else
  Prefix,    ///< every flag that starts so, each counted by itself
  Family,    ///< the same, all counted as one: "<spelling>..."
  WithValue, ///< the flag and the argument after it
};

struct DropRule {
  StringLiteral Spelling;
  Match How;
  StringLiteral Why;
  /// The first clang that knows the flag; 0 for none.
  unsigned KnownSince = 0;
};

constexpr StringLiteral GccOnly = "gcc only";
constexpr StringLiteral GccOptimiser = "an optimisation of gcc only";
constexpr StringLiteral GccTarget = "gcc only, code generation";
constexpr StringLiteral WritesFile = "would write a file";
constexpr StringLiteral Plugin = "plugins named in a database are not loaded";
constexpr StringLiteral NotAnError = "warnings must not stop the analysis";

/// The first rule that matches decides.
constexpr DropRule Rules[] = {
    // Nothing is loaded.
    {"-fplugin=", Match::Prefix, Plugin},
    {"-fplugin-arg-", Match::Family, Plugin},
    {"-fpass-plugin=", Match::Prefix, Plugin},
    {"-iplugindir=", Match::Prefix, Plugin},
    {"-wrapper", Match::WithValue, "would run a program"},
    {"-B", Match::Family, "would run programs from there"},
    {"-specs=", Match::Prefix, "gcc only, names programs to run"},

    // Nothing is written.
    {"-Wp,-M", Match::Family, WritesFile},
    {"-MF", Match::WithValue, WritesFile},
    {"-MT", Match::WithValue, WritesFile},
    {"-MQ", Match::WithValue, WritesFile},
    {"-MJ", Match::WithValue, WritesFile},
    {"-MD", Match::Exact, WritesFile},
    {"-MMD", Match::Exact, WritesFile},
    {"-MP", Match::Exact, WritesFile},
    {"-MG", Match::Exact, WritesFile},
    {"-M", Match::Exact, WritesFile},
    {"-MM", Match::Exact, WritesFile},
    {"--serialize-diagnostics", Match::WithValue, WritesFile},
    {"-serialize-diagnostics", Match::WithValue, WritesFile},
    {"-save-temps", Match::Prefix, WritesFile},
    {"--save-temps", Match::Prefix, WritesFile},
    {"-ftime-trace", Match::Prefix, WritesFile},
    {"-gsplit-dwarf", Match::Prefix, WritesFile},
    {"-fdump-", Match::Prefix, WritesFile},
    {"-fstack-usage", Match::Exact, WritesFile},
    {"-fcallgraph-info", Match::Prefix, WritesFile},

    {"-Werror", Match::Family, NotAnError},
    {"-pedantic-errors", Match::Exact, NotAnError},

    // Named in the makefiles of kernels.
    {"-fallow-store-data-races", Match::Exact, GccOptimiser},
    {"-fno-allow-store-data-races", Match::Exact, GccOptimiser},
    {"-fconserve-stack", Match::Exact, GccOptimiser},
    {"-fno-conserve-stack", Match::Exact, GccOptimiser},
    {"--param", Match::WithValue, GccOptimiser},
    {"--param=", Match::Prefix, GccOptimiser},
    {"-fipa-", Match::Prefix, GccOptimiser},
    {"-fno-ipa-", Match::Prefix, GccOptimiser},
    {"-ftree-", Match::Prefix, GccOptimiser},
    {"-fno-tree-", Match::Prefix, GccOptimiser},
    {"-fno-partial-inlining", Match::Exact, GccOptimiser},
    {"-fno-reorder-blocks-and-partition", Match::Exact, GccOptimiser},
    {"-fno-toplevel-reorder", Match::Exact, GccOptimiser},
    {"-fno-section-anchors", Match::Exact, GccOptimiser},
    {"-fno-isolate-erroneous-paths-dereference", Match::Exact, GccOptimiser},
    {"-fno-crossjumping", Match::Exact, GccOptimiser},
    {"-fno-cse-follow-jumps", Match::Exact, GccOptimiser},
    {"-fno-guess-branch-probability", Match::Exact, GccOptimiser},
    {"-fno-if-conversion", Match::Prefix, GccOptimiser},
    {"-fno-thread-jumps", Match::Exact, GccOptimiser},
    {"-fno-strict-volatile-bitfields", Match::Exact, GccOptimiser},
    {"-findirect-inlining", Match::Exact, GccOptimiser},
    {"-flive-patching", Match::Prefix, GccOptimiser},
    {"-fwhole-program", Match::Exact, GccOptimiser},
    {"-fmin-function-alignment", Match::Prefix, GccOptimiser},
    {"-fvar-tracking", Match::Prefix, "gcc only, debug information"},
    {"-fno-var-tracking", Match::Prefix, "gcc only, debug information"},
    {"-femit-struct-debug-", Match::Prefix, "gcc only, debug information"},
    {"-fzero-init-padding-bits=", Match::Prefix, GccOnly},
    {"-fmultiple-symbol-spaces", Match::Exact, GccOnly},
    {"-fdiagnostics-show-context", Match::Prefix, GccOnly},
    {"-ftrack-macro-expansion", Match::Prefix, GccOnly},
    {"-fanalyzer", Match::Prefix, GccOnly},
    {"-fno-analyzer", Match::Prefix, GccOnly},
    {"-fcondition-coverage", Match::Exact, GccOnly},
    {"-fasan-shadow-offset=", Match::Prefix, GccOnly},
    {"-fsanitize=bounds-strict", Match::Exact, GccOnly},
    {"-ffixed-r", Match::Prefix, GccTarget},

    {"-mindirect-branch=", Match::Prefix, GccTarget},
    {"-mindirect-branch-register", Match::Exact, GccTarget},
    {"-maccumulate-outgoing-args", Match::Exact, GccTarget},
    {"-mno-accumulate-outgoing-args", Match::Exact, GccTarget},
    {"-mrecord-mcount", Match::Exact, GccTarget},
    {"-mnop-mcount", Match::Exact, GccTarget},
    {"-mrecord-return", Match::Exact, GccTarget},
    {"-minstrument-return=", Match::Prefix, GccTarget},
    {"-mmanual-endbr", Match::Exact, GccTarget},
    {"-mcet-switch", Match::Exact, GccTarget},
    {"-mmemcpy-strategy=", Match::Prefix, GccTarget},
    {"-mmemset-strategy=", Match::Prefix, GccTarget},
    {"-mstringop-strategy=", Match::Prefix, GccTarget},
    {"-mno-align-stringops", Match::Exact, GccTarget},
    {"-malign-data=", Match::Prefix, GccTarget},
    {"-mno-avx256-split-unaligned-", Match::Prefix, GccTarget},
    {"-mno-direct-extern-access", Match::Exact, GccTarget},
    {"-mno-fdpic", Match::Exact, GccTarget},
    {"-mno-single-pic-base", Match::Exact, GccTarget},
    {"-mapcs", Match::Prefix, GccTarget},
    {"-mno-sched-prolog", Match::Exact, GccTarget},
    {"-mno-thumb-interwork", Match::Exact, GccTarget},
    {"-mshort-load-bytes", Match::Exact, GccTarget},
    {"-malignment-traps", Match::Exact, GccTarget},
    {"-mcall-aixdesc", Match::Exact, GccTarget},
    {"-mprofile-kernel", Match::Exact, GccTarget},
    {"-mtraceback=", Match::Prefix, GccTarget},
    {"-mmultiple", Match::Exact, GccTarget},
    {"-mno-multiple", Match::Exact, GccTarget},
    {"-mno-string", Match::Exact, GccTarget},
    {"-mno-pointers-to-nested-functions", Match::Exact, GccTarget},
    {"-mno-readonly-in-sdata", Match::Exact, GccTarget},
    {"-mno-save-toc-indirect", Match::Exact, GccTarget},
    {"-mspe=", Match::Prefix, GccTarget},
    {"-mno-riscv-attribute", Match::Exact, GccTarget},
    {"-misa-spec=", Match::Prefix, GccTarget},
    {"-mno-explicit-relocs", Match::Exact, GccTarget},
    {"-mwarn-dynamicstack", Match::Exact, GccTarget},
    {"-mwarn-framesize=", Match::Prefix, GccTarget},

    // What came to clang over the years, and kernels ask for.
    {"-mharden-sls=", Match::Prefix, "not known to this clang", 15},
    {"-fstrict-flex-arrays", Match::Prefix, "not known to this clang", 16},
    {"-fsanitize=kcfi", Match::Exact, "not known to this clang", 16},
};

/// Options whose value is the next argument, so that a value is never taken
/// for an option.
constexpr StringLiteral TakesValue[] = {
    "-include", "-imacros", "-isystem", "-idirafter", "-iquote",     "-I",
    "-D",       "-U",       "-o",       "-x",         "-Xclang",     "-mllvm",
    "-target",  "-arch",    "-L",       "-isysroot",  "-Xassembler", "-A",
};

constexpr StringLiteral Wrappers[] = {"ccache", "sccache", "distcc",
                                      "icecc",  "icerun",  "buildcache"};

struct ArchitectureName {
  StringLiteral Prefix; ///< of a triple's first part, or of a name
  StringLiteral Word;   ///< folder below arch/
  StringLiteral Triple;
};

/// Longest prefix first where one is the start of another.
constexpr ArchitectureName Architectures[] = {
    {"x86", "x86", "x86_64-linux-gnu"},
    {"amd64", "x86", "x86_64-linux-gnu"},
    {"i386", "x86", "i386-linux-gnu"},
    {"i486", "x86", "i386-linux-gnu"},
    {"i586", "x86", "i386-linux-gnu"},
    {"i686", "x86", "i386-linux-gnu"},
    {"aarch64", "arm64", "aarch64-linux-gnu"},
    {"arm64", "arm64", "aarch64-linux-gnu"},
    {"arm", "arm", "arm-linux-gnueabi"},
    {"riscv", "riscv", "riscv64-linux-gnu"},
    {"ppc", "powerpc", "powerpc64le-linux-gnu"},
    {"powerpc", "powerpc", "powerpc64le-linux-gnu"},
    {"s390", "s390", "s390x-linux-gnu"},
    {"loongarch", "loongarch", "loongarch64-linux-gnusf"},
    {"mips", "mips", "mipsel-linux-gnu"},
    {"hexagon", "hexagon", "hexagon-linux-musl"},
    {"sparc", "sparc", "sparc64-linux-gnu"},
};

const ArchitectureName *architecture(StringRef Name) {
  const auto *A = find_if(Architectures, [&](const ArchitectureName &A) {
    return Name.starts_with(A.Prefix);
  });
  return A == std::end(Architectures) ? nullptr : A;
}

bool matches(const DropRule &Rule, StringRef Flag) {
  switch (Rule.How) {
  case Match::Exact:
  case Match::WithValue:
    return Flag == Rule.Spelling;
  case Match::Prefix:
  case Match::Family:
    return Flag.starts_with(Rule.Spelling);
  }
  return false;
}

const DropRule *ruleFor(StringRef Flag) {
  // Most of a command; no rule is about these.
  if (Flag.starts_with("-I") || Flag.starts_with("-D") ||
      (Flag.starts_with("-W") && !Flag.starts_with("-Werror") &&
       !Flag.starts_with("-Wp,")))
    return nullptr;
  const auto *Rule =
      find_if(Rules, [&](const DropRule &R) { return matches(R, Flag); });
  return Rule == std::end(Rules) ? nullptr : Rule;
}

std::string keyFor(const DropRule &Rule, StringRef Flag) {
  if (Rule.How == Match::Family && Flag != Rule.Spelling)
    return (Rule.Spelling + "...").str();
  return Flag.str();
}

/// gcc's words in clang's: empty when there is nothing to translate.
std::string translate(StringRef Flag) {
  // gcc takes the binary logarithm, clang the bytes.
  if (Flag.consume_front("-mpreferred-stack-boundary=")) {
    unsigned Log = 0;
    if (!Flag.getAsInteger(10, Log) && Log >= 2 && Log <= 12)
      return "-mstack-alignment=" + utostr(uint64_t(1) << Log);
  }
  return {};
}

/// Like the file name itself, "ccache" in "/usr/lib/ccache/gcc" is no wrapper.
size_t compilerIndex(ArrayRef<std::string> Arguments) {
  size_t Index = 0;
  while (Index + 1 < Arguments.size() &&
         is_contained(Wrappers, sys::path::filename(Arguments[Index])))
    ++Index;
  return Index;
}

bool isClang(StringRef Compiler) { return Compiler.contains("clang"); }

/// "aarch64-linux-gnu" of "aarch64-linux-gnu-gcc-12", empty for "gcc-12".
StringRef compilerPrefix(StringRef Compiler) {
  const size_t Gcc = Compiler.rfind("gcc");
  if (Gcc == StringRef::npos || Gcc == 0)
    return {};
  StringRef Prefix = Compiler.take_front(Gcc);
  return Prefix.consume_back("-") && architecture(Prefix) ? Prefix
                                                          : StringRef();
}

/// "arm64" of "-I/src/arch/arm64/include".
StringRef searchedArchitecture(ArrayRef<std::string> Arguments) {
  for (StringRef A : Arguments) {
    const size_t End = A.find("/include");
    if (!A.starts_with("-I") || End == StringRef::npos)
      continue;
    StringRef Folder = A.slice(2, End);
    StringRef Word = sys::path::filename(Folder);
    if (sys::path::filename(sys::path::parent_path(Folder)) == "arch")
      return Word;
  }
  return {};
}

/// What clang must be told that this gcc knows by itself.
std::string targetFlag(ArrayRef<std::string> Arguments, StringRef Compiler) {
  if (StringRef Prefix = compilerPrefix(Compiler); !Prefix.empty())
    return ("--target=" + Prefix).str();
  if (const ArchitectureName *A = architecture(searchedArchitecture(Arguments)))
    return ("--target=" + A->Triple).str();
  return {};
}

} // namespace

StringRef architectureWord(StringRef TripleOrName) {
  const ArchitectureName *A = architecture(TripleOrName);
  return A ? StringRef(A->Word) : StringRef();
}

std::string targetArchitecture(ArrayRef<std::string> Arguments) {
  if (StringRef Word = searchedArchitecture(Arguments); !Word.empty())
    return Word.str();
  for (auto [Index, A] : enumerate(Arguments)) {
    StringRef Flag = A;
    if (Flag.consume_front("--target="))
      return architectureWord(Flag).str();
    if (Flag == "-target" && Index + 1 < Arguments.size())
      return architectureWord(Arguments[Index + 1]).str();
  }
  if (Arguments.empty())
    return {};
  return architectureWord(compilerPrefix(sys::path::filename(
                              Arguments[compilerIndex(Arguments)])))
      .str();
}

StringRef compilerName(const CompileCommand &Command) {
  if (Command.Arguments.empty())
    return {};
  return sys::path::filename(
      Command.Arguments[compilerIndex(Command.Arguments)]);
}

StringRef whyDropped(StringRef Flag) {
  if (is_contained(Wrappers, Flag))
    return "a wrapper; nothing named in a database is run";
  Flag.consume_back("...");
  const DropRule *Rule = ruleFor(Flag);
  return Rule ? StringRef(Rule->Why) : StringRef();
}

std::vector<std::string>
adaptForClang(ArrayRef<std::string> Arguments, unsigned ClangMajor,
              std::map<std::string, unsigned> &Dropped) {
  std::vector<std::string> Result;
  if (Arguments.empty())
    return Result;
  Result.reserve(Arguments.size() + 2);
  const size_t First = compilerIndex(Arguments);
  for (const std::string &Wrapper : Arguments.take_front(First))
    ++Dropped[sys::path::filename(Wrapper).str()];

  Result.push_back(Arguments[First]);
  bool HasTarget = false;
  for (size_t I = First + 1; I < Arguments.size(); ++I) {
    StringRef Flag = Arguments[I];
    // -Xclang takes any frontend option, so a plugin can hide behind it.
    if (Flag == "-Xclang" && I + 1 < Arguments.size() &&
        (StringRef(Arguments[I + 1]) == "-load" ||
         StringRef(Arguments[I + 1]).contains("plugin"))) {
      const bool HasValue = !StringRef(Arguments[I + 1]).contains('=') &&
                            I + 3 < Arguments.size() &&
                            StringRef(Arguments[I + 2]) == "-Xclang";
      ++Dropped["-Xclang " + Arguments[I + 1]];
      I += HasValue ? 3 : 1;
      continue;
    }
    if (is_contained(TakesValue, Flag) && I + 1 < Arguments.size()) {
      HasTarget |= Flag == "-target";
      Result.push_back(Arguments[I]);
      Result.push_back(Arguments[++I]);
      continue;
    }
    if (std::string Ours = translate(Flag); !Ours.empty()) {
      Result.push_back(std::move(Ours));
      continue;
    }
    const DropRule *Rule = ruleFor(Flag);
    if (Rule && (!Rule->KnownSince || ClangMajor < Rule->KnownSince)) {
      ++Dropped[keyFor(*Rule, Flag)];
      if (Rule->How == Match::WithValue)
        ++I;
      continue;
    }
    HasTarget |= Flag.starts_with("--target=");
    Result.push_back(Arguments[I]);
  }

  // Warnings of gcc, or of another clang, are no mistake of the kernel's.
  Result.insert(Result.begin() + 1, "-Wno-unknown-warning-option");
  const StringRef Compiler = sys::path::filename(Arguments[First]);
  if (isClang(Compiler))
    return Result;
  // gcc takes a cast for an operand of assembler code that is written to, and
  // only warns of numbers in place of pointers.
  // It does not make bcmp() of memcmp().
  Result.insert(Result.begin() + 1,
                {"-fheinous-gnu-extensions", "-Wno-error=int-conversion",
                 "-fno-builtin-bcmp"});
  if (std::string Target = targetFlag(Arguments, Compiler);
      !HasTarget && !Target.empty())
    Result.insert(Result.begin() + 1, std::move(Target));
  return Result;
}

} // namespace pagewarden::kernel
