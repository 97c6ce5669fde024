//===- Symvers.cpp - What a kernel exports, and how -----------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads Module.symvers:
///
///   CRC <tab> symbol <tab> module <tab> type [<tab> namespace]
///
/// Kernels before 5.4 have no namespace column, or have it in third place.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/Symvers.h"
#include "pagewarden/Kernel/CompileDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace pagewarden::kernel {

namespace {

struct ExportType {
  StringLiteral Name;
  bool GplOnly;
};

/// The last three ended with 5.12; "future" ones were not GPL-only yet.
constexpr ExportType ExportTypes[] = {
    {"EXPORT_SYMBOL", false},
    {"EXPORT_SYMBOL_GPL", true},
    {"EXPORT_SYMBOL_GPL_FUTURE", false},
    {"EXPORT_UNUSED_SYMBOL", false},
    {"EXPORT_UNUSED_SYMBOL_GPL", true},
};

struct Marker {
  StringLiteral Architecture; ///< folder below arch/
  StringLiteral Symbol;
};

/// Symbols that one architecture exports in nearly every configuration, and
/// no other one exports at all.
constexpr Marker Markers[] = {
    {"x86", "cpu_info"},
    {"x86", "cpu_tss_rw"},
    {"x86", "set_memory_uc"},
    {"x86", "x86_cpu_to_apicid"},
    {"x86", "__x86_indirect_thunk_rax"},
    {"arm64", "kimage_voffset"},
    {"arm64", "__arch_copy_to_user"},
    {"arm64", "__arch_copy_from_user"},
    {"arm64", "arm64_use_ng_mappings"},
    {"arm64", "arm64_mm_context_get"},
    {"arm", "__aeabi_uidiv"},
    {"arm", "__aeabi_unwind_cpp_pr0"},
    {"arm", "__machine_arch_type"},
    {"riscv", "__asm_copy_to_user"},
    {"riscv", "riscv_timebase"},
    {"riscv", "riscv_cbom_block_size"},
    {"powerpc", "ppc_md"},
    {"powerpc", "ppc_proc_freq"},
    {"powerpc", "__pgd_index_size"},
    {"s390", "_ebcasc"},
    {"s390", "_ascebc"},
    {"s390", "debug_register_view"},
    {"loongarch", "_save_lsx"},
    {"loongarch", "const_clock_freq"},
    {"mips", "_save_msa"},
    {"mips", "__mips_set_bit"},
    {"mips", "cp0_compare_irq"},
};

constexpr StringLiteral CompatibleLicenses[] = {
    "GPL",          "GPL v2",       "GPL and additional rights",
    "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
};

const ExportType *exportType(StringRef Name) {
  const auto *T =
      find_if(ExportTypes, [&](const ExportType &E) { return E.Name == Name; });
  return T == std::end(ExportTypes) ? nullptr : T;
}

Error errorAt(const Twine &Path, size_t Line, const Twine &What) {
  return createStringError(inconvertibleErrorCode(),
                           Path + ":" + Twine(Line) + ": " + What);
}

bool isChecksum(StringRef Text) {
  return Text.consume_front("0x") && !Text.empty() && all_of(Text, isHexDigit);
}

/// One line into \p Symbol and \p E; what is wrong with it otherwise.
std::optional<std::string> parseLine(StringRef Line, StringRef &Symbol,
                                     Export &E) {
  SmallVector<StringRef, 5> Columns;
  Line.split(Columns, '\t');
  if (Columns.size() < 4 || Columns.size() > 5)
    return ("expected 4 or 5 columns separated by tabs, found " +
            Twine(Columns.size()))
        .str();
  if (!isChecksum(Columns[0]))
    return ("expected a checksum such as 0x12345678, found '" + Columns[0] +
            "'")
        .str();
  Symbol = Columns[1];
  StringRef Module = Columns[2], Type = Columns[3], Namespace;
  if (Columns.size() == 5)
    Namespace = Columns[4];
  // 5.3 had symbol, namespace, module, type.
  if (Columns.size() == 5 && !exportType(Type) && exportType(Namespace)) {
    Type = Columns[4];
    Module = Columns[3];
    Namespace = Columns[2];
  }
  if (Symbol.empty())
    return "the symbol has no name";
  if (Module.empty())
    return ("no module is named for '" + Symbol + "'").str();
  const ExportType *T = exportType(Type);
  if (!T)
    return ("unknown export type '" + Type + "'").str();
  E.Module = Module.str();
  E.Namespace = Namespace.str();
  E.GplOnly = T->GplOnly;
  return std::nullopt;
}

} // namespace

Expected<Symvers> Symvers::load(StringRef Path) {
  SmallString<256> File(Path);
  if (sys::fs::is_directory(File))
    sys::path::append(File, "Module.symvers");
  auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/true);
  if (!Buffer)
    return createStringError(Buffer.getError(),
                             "cannot read '" + File +
                                 "': " + Buffer.getError().message());
  StringRef Text = (*Buffer)->getBuffer();
  if (Text.trim().empty())
    return createStringError(inconvertibleErrorCode(),
                             File + ":1: no exported symbol in this file; is "
                                    "the kernel built?");
  Symvers Result;
  Result.Path = std::string(File);
  for (size_t Number = 1; !Text.empty(); ++Number) {
    StringRef Line;
    if (!Text.contains('\n'))
      return errorAt(File, Number,
                     "the line has no end; was the file cut off?");
    std::tie(Line, Text) = Text.split('\n');
    Line.consume_back("\r");
    StringRef Symbol;
    Export E;
    if (auto Wrong = parseLine(Line, Symbol, E))
      return errorAt(File, Number, *Wrong);
    if (!Result.Exports.try_emplace(Symbol, std::move(E)).second)
      return errorAt(File, Number, "'" + Symbol + "' is listed twice");
  }
  return Result;
}

Error Symvers::add(StringRef Other) {
  Expected<Symvers> More = load(Other);
  if (!More)
    return More.takeError();
  for (const auto &Entry : More->Exports)
    Exports.try_emplace(Entry.first(), Entry.second);
  return Error::success();
}

const Export *Symvers::find(StringRef Symbol) const {
  auto It = Exports.find(Symbol);
  return It == Exports.end() ? nullptr : &It->second;
}

std::optional<std::string> architectureMismatch(const Symvers &S,
                                                StringRef Architecture) {
  const StringRef Expected = architectureWord(Architecture);
  if (Expected.empty())
    return std::nullopt;
  StringMap<unsigned> Seen;
  for (const Marker &M : Markers)
    if (S.find(M.Symbol))
      ++Seen[M.Architecture];
  if (Seen.empty() || Seen.contains(Expected))
    return std::nullopt;
  // Not the map's order: the same input must give the same words.
  StringRef Best;
  for (const Marker &M : Markers)
    if (Seen.lookup(M.Architecture) > Seen.lookup(Best))
      Best = M.Architecture;
  return ("looks like " + Best + ", but the code is compiled for " +
          Architecture)
      .str();
}

bool isGplCompatible(StringRef License) {
  return is_contained(CompatibleLicenses, License.split('\0').first);
}

} // namespace pagewarden::kernel
