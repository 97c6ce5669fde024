//===- SourceTree.cpp - The files of a kernel's source --------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Kernel/SourceTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/Path.h"
#include <mutex>

using namespace llvm;

namespace pagewarden::kernel {

/// Folders at the top that are no part of a kernel.
constexpr StringLiteral NotKernel[] = {"Documentation", "scripts", "tools",
                                       "debian", "LICENSES"};

/// "VERSION = 6" and its like at the head of the topmost Makefile.
static std::string versionIn(StringRef Makefile) {
  std::string Parts[3];
  constexpr StringLiteral Names[] = {"VERSION", "PATCHLEVEL", "SUBLEVEL"};
  SmallVector<StringRef, 0> Lines;
  Makefile.take_front(2000).split(Lines, '\n');
  for (StringRef Line : Lines) {
    auto [Name, Value] = Line.split('=');
    for (size_t I = 0; I < std::size(Names); ++I)
      if (Name.trim() == Names[I] && Parts[I].empty())
        Parts[I] = Value.trim().str();
  }
  if (Parts[0].empty() || Parts[1].empty())
    return "";
  return Parts[0] + "." + Parts[1] +
         (Parts[2].empty() || Parts[2] == "0" ? "" : "." + Parts[2]);
}

namespace {
enum FileKind { NotOurs, CodeFile, MakefileFile, KconfigFile };
} // namespace

static FileKind kindOf(StringRef Name) {
  if (Name.ends_with(".mod.c") || Name.starts_with("."))
    return NotOurs;
  if (Name.ends_with(".c") || Name.ends_with(".h") || Name.ends_with(".S") ||
      Name.ends_with(".inc"))
    return CodeFile;
  if (Name == "Makefile" || Name == "Kbuild" || Name.starts_with("Makefile."))
    return MakefileFile;
  if (Name.starts_with("Kconfig"))
    return KconfigFile;
  return NotOurs;
}

Expected<SourceTree> SourceTree::open(StringRef Root) {
  SourceTree T;
  T.Root = Root.rtrim('/').str();
  if (T.Root.empty())
    T.Root = Root.empty() ? "." : "/";
  auto Failure = [&](const Twine &Why) {
    return createStringError(inconvertibleErrorCode(),
                             "'" + T.Root + "' is no kernel source: " + Why);
  };
  if (!sys::fs::is_directory(T.Root))
    return Failure(sys::fs::exists(T.Root) ? "it is no folder"
                                           : "there is no such folder");
  auto Makefile = T.read("Makefile");
  if (!Makefile)
    return Failure("it has no Makefile");
  T.Version = versionIn(Makefile->getBuffer());
  if (T.Version.empty())
    return Failure("its Makefile says no VERSION and PATCHLEVEL");

  if (Error E = T.list(/*IsKernel=*/true))
    return E;
  return T;
}

Expected<SourceTree> SourceTree::folder(StringRef Root) {
  SourceTree T = at(Root.size() > 1 ? Root.rtrim('/') : Root);
  if (!sys::fs::is_directory(T.Root))
    return createStringError(inconvertibleErrorCode(),
                             "'" + T.Root + "' is no folder");
  if (Error E = T.list(/*IsKernel=*/false))
    return E;
  return T;
}

Error SourceTree::list(bool IsKernel) {
  std::error_code EC;
  const size_t Skip = Root.size() + (Root.back() == '/' ? 0 : 1);
  for (sys::fs::recursive_directory_iterator
           At(Root, EC, /*follow_symlinks=*/false),
       End;
       At != End && !EC; At.increment(EC)) {
    StringRef Path = StringRef(At->path()).drop_front(Skip);
    StringRef Name = sys::path::filename(Path);
    if (At->type() == sys::fs::file_type::directory_file) {
      if (Name.starts_with(".") ||
          (IsKernel && At.level() == 0 && is_contained(NotKernel, Name)))
        At.no_push();
      continue;
    }
    if (At->type() != sys::fs::file_type::regular_file)
      continue;
    switch (kindOf(Name)) {
    case CodeFile:
      Code.push_back(Path.str());
      break;
    case MakefileFile:
      Makefiles.push_back(Path.str());
      break;
    case KconfigFile:
      Kconfigs.push_back(Path.str());
      break;
    case NotOurs:
      break;
    }
  }
  if (EC)
    return createStringError(EC, "cannot list '" + Root + "': " + EC.message());
  for (auto *List : {&Code, &Makefiles, &Kconfigs})
    llvm::sort(*List);
  return Error::success();
}

std::unique_ptr<MemoryBuffer> SourceTree::read(StringRef File) const {
  SmallString<256> Path(Root);
  sys::path::append(Path, File);
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  return Buffer ? std::move(*Buffer) : nullptr;
}

std::vector<std::string>
SourceTree::forEach(const std::vector<std::string> &Files,
                    function_ref<void(size_t, StringRef)> Do) const {
  std::vector<std::string> Unreadable;
  std::mutex Lock;
  parallelFor(0, Files.size(), [&](size_t I) {
    auto Buffer = read(Files[I]);
    if (Buffer)
      return Do(I, Buffer->getBuffer());
    std::lock_guard<std::mutex> Guard(Lock);
    Unreadable.push_back(Files[I]);
  });
  llvm::sort(Unreadable);
  return Unreadable;
}

} // namespace pagewarden::kernel
