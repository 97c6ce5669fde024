//===- HTML.cpp - Findings as pages to read -------------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An index, and a page for each finding with the source around its path.  The
/// pages stand alone: no script, nothing fetched from anywhere.
///
//===----------------------------------------------------------------------===//

#include "Files.h"
#include "pagewarden/Checkers/CheckList.h"
#include "pagewarden/Findings/Sinks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;

namespace pagewarden {

static constexpr StringLiteral PagePrefix = "finding-";
static constexpr StringLiteral IndexName = "index.html";

/// Lines of source shown before and behind each step of a path.
static constexpr unsigned ContextLines = 4;

static constexpr StringLiteral StyleSheet = R"css(
:root { color-scheme: light dark; --line: #8884; --mark: #fc08; --note: #48c; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto;
       padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
         border-bottom: 1px solid var(--line); }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; }
pre b { font-weight: normal; background: var(--mark); display: inline-block;
        min-width: 100%; }
.note { color: var(--note); }
.failed { border-left: .3rem solid #c33; padding-left: .7rem; }
ol { padding-left: 1.5rem; }
)css";

/// \p Text with nothing in it that is markup or that misleads a reader.
static std::string escaped(StringRef Text) {
  std::string Out;
  raw_string_ostream OS(Out);
  printHTMLEscaped(printable(Text), OS);
  return Out;
}

namespace {

/// The lines of the files that findings are in, each read once.
class Sources {
public:
  /// The lines of \p File, empty where it cannot be read.
  ArrayRef<StringRef> lines(StringRef File) {
    auto [It, New] = Files.try_emplace(File);
    if (!New)
      return It->second.Lines;
    auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/true);
    if (!Buffer)
      return {};
    It->second.Buffer = std::move(*Buffer);
    It->second.Buffer->getBuffer().split(It->second.Lines, '\n');
    return It->second.Lines;
  }

private:
  struct Source {
    std::unique_ptr<MemoryBuffer> Buffer;
    SmallVector<StringRef, 0> Lines;
  };
  StringMap<Source> Files;
};

/// Tabs are eight wide, as in the kernel.
std::string expanded(StringRef Line) {
  std::string Out;
  for (char C : Line.rtrim('\r')) {
    if (C == '\t')
      Out.append(8 - Out.size() % 8, ' ');
    else
      Out += C;
  }
  return Out;
}

class HTMLWriter {
public:
  HTMLWriter(ArrayRef<Finding> Findings, const RunInfo &Run)
      : Findings(Findings), Run(Run) {
    for (const Finding &F : Findings) {
      std::string Print = F.fingerprint(Run.Root);
      unsigned Nth = ++Seen[Print];
      Pages.push_back(
          (PagePrefix + Print + (Nth > 1 ? "-" + utostr(Nth) : "") + ".html")
              .str());
    }
  }

  ArrayRef<std::string> pages() const { return Pages; }

  void writeIndex(raw_ostream &OS) const {
    head(OS, "pagewarden");
    OS << "<h1>pagewarden: " << Findings.size() << " finding"
       << (Findings.size() == 1 ? "" : "s") << "</h1>\n<p>" << Run.FilesDone
       << " of " << Run.FilesAsked << " files analysed, clang "
       << escaped(Run.ClangVersion) << ", pagewarden "
       << escaped(Run.ToolVersion) << "<br><code>" << escaped(Run.CommandLine)
       << "</code></p>\n";
    writeFailures(OS);
    writeCounts(OS);
    OS << "<h2>Findings</h2>\n<table>\n<tr><th>where</th><th>function</th>"
          "<th>what</th><th>check</th></tr>\n";
    for (auto [F, Page] : zip(Findings, Pages))
      OS << "<tr><td><a href=\"" << Page << "\"><code>" << place(F.Loc)
         << "</code></a></td><td><code>" << escaped(F.Function)
         << "</code></td><td>" << escaped(F.Message) << "</td><td>"
         << escaped(F.Check) << "</td></tr>\n";
    OS << "</table>\n</body>\n</html>\n";
  }

  void writePage(raw_ostream &OS, const Finding &F) {
    head(OS, place(F.Loc));
    OS << "<p><a href=\"" << IndexName << "\">all findings</a></p>\n<h1>"
       << escaped(F.Message) << "</h1>\n<p><code>" << place(F.Loc) << "</code>";
    if (!F.Function.empty())
      OS << " in <code>" << escaped(F.Function) << "</code>";
    OS << ", " << escaped(F.Check) << "</p>\n";
    if (F.Path.empty())
      excerpt(OS, F.Loc);
    steps(OS, "Path", F.Path);
    steps(OS, "Notes", F.Notes);
    OS << "</body>\n</html>\n";
  }

private:
  static void head(raw_ostream &OS, StringRef Title) {
    OS << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
          "content=\"width=device-width\">\n<title>"
       << Title << "</title>\n<style>" << StyleSheet
       << "</style>\n</head>\n<body>\n";
  }

  /// Escaped already.
  std::string place(const Location &L) const {
    std::string Out = L.File.empty() ? std::string("&lt;unknown&gt;")
                                     : escaped(relativeTo(L.File, Run.Root));
    if (L.Line)
      Out += ":" + utostr(L.Line);
    return Out;
  }

  void writeFailures(raw_ostream &OS) const {
    if (Run.Failures.empty())
      return;
    OS << "<div class=\"failed\"><h2>Not done</h2>\n<ul>\n";
    for (const RunInfo::Failure &F : Run.Failures) {
      OS << "<li>";
      if (!F.File.empty())
        OS << "<code>" << escaped(relativeTo(F.File, Run.Root)) << "</code>: ";
      OS << escaped(F.What) << "</li>\n";
    }
    OS << "</ul></div>\n";
  }

  void writeCounts(raw_ostream &OS) const {
    std::map<StringRef, unsigned> Counts;
    for (const Finding &F : Findings)
      ++Counts[F.Check];
    OS << "<table>\n<tr><th>check</th><th>findings</th><th>reports</th></tr>\n";
    for (const CheckInfo &Check : AllChecks) {
      auto It = Counts.find(Check.fullName());
      if (It != Counts.end())
        OS << "<tr><td>" << escaped(It->first) << "</td><td>" << It->second
           << "</td><td>" << escaped(Check.Help) << "</td></tr>\n";
    }
    OS << "</table>\n";
  }

  void steps(raw_ostream &OS, StringRef Title, ArrayRef<Note> Notes) {
    if (Notes.empty())
      return;
    OS << "<h2>" << Title << "</h2>\n<ol>\n";
    for (const Note &N : Notes) {
      OS << "<li><span class=\"note\">" << escaped(N.Message)
         << "</span> <code>" << place(N.Loc) << "</code>\n";
      excerpt(OS, N.Loc);
      OS << "</li>\n";
    }
    OS << "</ol>\n";
  }

  void excerpt(raw_ostream &OS, const Location &L) {
    ArrayRef<StringRef> Lines = Files.lines(L.File);
    if (!L.Line || L.Line > Lines.size())
      return;
    unsigned First = L.Line > ContextLines ? L.Line - ContextLines : 1;
    unsigned Last = std::min<size_t>(L.Line + ContextLines, Lines.size());
    unsigned Width = utostr(Last).size();
    OS << "<pre>";
    for (unsigned N = First; N <= Last; ++N) {
      OS << (N == L.Line ? "<b>" : "") << right_justify(utostr(N), Width)
         << "  " << escaped(expanded(Lines[N - 1]))
         << (N == L.Line ? "</b>\n" : "\n");
    }
    OS << "</pre>\n";
  }

  ArrayRef<Finding> Findings;
  const RunInfo &Run;
  StringMap<unsigned> Seen;
  std::vector<std::string> Pages;
  Sources Files;
};

} // namespace

static Error writeFile(StringRef Path,
                       function_ref<void(raw_ostream &)> Write) {
  std::error_code EC;
  raw_fd_ostream OS(Path, EC);
  if (EC)
    return cannotWrite(Path, EC);
  Write(OS);
  OS.close();
  EC = OS.error();
  OS.clear_error();
  return EC ? cannotWrite(Path, EC) : Error::success();
}

/// Pages of an earlier run that this one has not written.
static void removeStale(StringRef Folder, ArrayRef<std::string> Pages) {
  StringSet<> Current;
  Current.insert(Pages.begin(), Pages.end());
  std::error_code EC;
  for (sys::fs::directory_iterator It(Folder, EC), End; !EC && It != End;
       It.increment(EC)) {
    StringRef Name = sys::path::filename(It->path());
    if (Name.starts_with(PagePrefix) && Name.ends_with(".html") &&
        !Current.contains(Name))
      (void)sys::fs::remove(It->path());
  }
}

Error writeHTML(StringRef Folder, ArrayRef<Finding> Findings,
                const RunInfo &Run) {
  if (std::error_code EC = sys::fs::create_directories(Folder))
    return cannotWrite(Folder, EC);
  auto In = [&](StringRef Name) {
    SmallString<256> Path(Folder);
    sys::path::append(Path, Name);
    return Path;
  };
  HTMLWriter Writer(Findings, Run);
  for (auto [F, Page] : zip(Findings, Writer.pages()))
    if (Error E = writeFile(In(Page),
                            [&](raw_ostream &OS) { Writer.writePage(OS, F); }))
      return E;
  // Last, so that an index never promises pages that are not there.
  SmallString<256> New = In("index.html.new");
  if (Error E =
          writeFile(New, [&](raw_ostream &OS) { Writer.writeIndex(OS); })) {
    (void)sys::fs::remove(New);
    return E;
  }
  if (std::error_code EC = sys::fs::rename(New, In(IndexName)))
    return cannotWrite(In(IndexName), EC);
  removeStale(Folder, Writer.pages());
  return Error::success();
}

} // namespace pagewarden
