//===- ObjectFacts.cpp - What the compiler makes of a unit ----------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Code is generated with line tables, so that every instruction knows through
/// which inline functions it came: that is the chain.
///
///   AST -> IR -> optimized IR -> object
///                  |               '-- which symbols are undefined
///                  '-- who refers to them, and whence
///
/// Not handled: a reference that the optimizer merged from several lines has
/// no line of its own; its function's is taken.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Facts/ObjectFacts.h"
#include "pagewarden/Compat.h"
#include "pagewarden/Facts/UnitContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/CodeGenOptions.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/CodeGen/ModuleBuilder.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/PreprocessorOutputOptions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include <map>

using namespace clang;

namespace pagewarden {

using scan::Frame;
using scan::Need;
using scan::UnitFacts;

namespace {

//===----------------------------------------------------------------------===//
// From the AST to an object
//===----------------------------------------------------------------------===//

/// Code generation complains to nobody: the compile itself says what is wrong.
class Quiet : public llvm::DiagnosticHandler {
public:
  explicit Quiet(bool *Failed = nullptr) : Failed(Failed) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo &Info) override {
    if (Failed && Info.getSeverity() == llvm::DS_Error)
      *Failed = true;
    return true;
  }

private:
  bool *Failed;
};

CodeGenOptions optionsFor(const CompilerInstance *CI) {
  CodeGenOptions Options;
  if (CI)
    Options = CI->getCodeGenOpts();
  // Kernel code is written for an optimizer and does not link without one.
  if (Options.OptimizationLevel == 0) {
    Options.OptimizationLevel = 2;
    Options.setInlining(CodeGenOptions::NormalInlining);
  }
  Options.setDebugInfo(llvm::codegenoptions::DebugLineTablesOnly);
  Options.DebugColumnInfo = true;
  // Nothing else is loaded, and nothing is written.
  Options.PassPlugins.clear();
  Options.SplitDwarfFile.clear();
  Options.SplitDwarfOutput.clear();
  Options.OptRecordFile.clear();
  Options.SaveTempsFilePrefix.clear();
  Options.ThinLinkBitcodeFile.clear();
  Options.CoverageNotesFile.clear();
  Options.CoverageDataFile.clear();
  Options.LinkBitcodeFiles.clear();
  Options.PrepareForLTO = Options.PrepareForThinLTO = false;
  return Options;
}

/// What Sema hands to code generation at the end of a unit.
void feedTentative(ASTContext &Ctx, CodeGenerator &Generator) {
  for (Decl *D : Ctx.getTranslationUnitDecl()->decls())
    if (auto *Var = dyn_cast<VarDecl>(D))
      if (Var->getActingDefinition() == Var &&
          Var->hasDefinition(Ctx) == VarDecl::TentativeDefinition)
        Generator.CompleteTentativeDefinition(Var);
}

/// A code generator that complains to \p Diags, and follows \p CI's options
/// otherwise.
std::unique_ptr<CodeGenerator>
createGenerator(DiagnosticsEngine &Diags, FileManager &Files, Preprocessor &PP,
                const CodeGenOptions &Options, llvm::LLVMContext &Context) {
  return std::unique_ptr<CodeGenerator>(
      CreateLLVMCodeGen(Diags, "unit", Files.getVirtualFileSystemPtr(),
                        PP.getHeaderSearchInfo().getHeaderSearchOpts(),
                        PP.getPreprocessorOpts(), Options, Context));
}

std::unique_ptr<llvm::Module> generate(ASTContext &Ctx, Preprocessor &PP,
                                       const CodeGenOptions &Options,
                                       llvm::LLVMContext &Context) {
  auto Diags = compat::createDiagnostics(new IgnoringDiagConsumer);
  std::unique_ptr<CodeGenerator> Generator = createGenerator(
      *Diags, Ctx.getSourceManager().getFileManager(), PP, Options, Context);
  Generator->Initialize(Ctx);
  for (Decl *D : Ctx.getTranslationUnitDecl()->decls())
    Generator->HandleTopLevelDecl(DeclGroupRef(D));
  feedTentative(Ctx, *Generator);
  Generator->HandleTranslationUnit(Ctx);
  if (Diags->hasErrorOccurred())
    return nullptr;
  return std::unique_ptr<llvm::Module>(Generator->ReleaseModule());
}

void optimize(llvm::Module &M) {
  llvm::LoopAnalysisManager Loops;
  llvm::FunctionAnalysisManager Functions;
  llvm::CGSCCAnalysisManager Components;
  llvm::ModuleAnalysisManager Modules;
  llvm::PassBuilder Builder;
  Builder.registerModuleAnalyses(Modules);
  Builder.registerCGSCCAnalyses(Components);
  Builder.registerFunctionAnalyses(Functions);
  Builder.registerLoopAnalyses(Loops);
  Builder.crossRegisterProxies(Loops, Functions, Components, Modules);
  Builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(M, Modules);
}

//===----------------------------------------------------------------------===//
// Who refers to a symbol
//===----------------------------------------------------------------------===//

std::string pathOf(const llvm::DILocation &L) {
  return plainPath(L.getFilename(), L.getDirectory());
}

/// Every reference to a global value that is only declared, with the best way
/// to say where it comes from.
class References {
public:
  References(const llvm::Module &M, llvm::StringRef MainFile)
      : MainFile(MainFile) {
    for (const llvm::GlobalValue &G : M.global_values())
      if (G.isDeclaration() && !isIntrinsic(G))
        follow(G, nameOf(G));
    readAssembly(M);
  }

  /// The way to \p Symbol; empty when the IR does not name it.
  std::vector<Frame> chain(llvm::StringRef Symbol) const {
    auto It = Best.find(Symbol);
    return It == Best.end() ? std::vector<Frame>() : It->second;
  }
  /// Names that the optimized code refers to and does not define.
  std::vector<std::string> names() const {
    std::vector<std::string> Result;
    for (const auto &Entry : Best)
      Result.push_back(Entry.first().str());
    llvm::sort(Result);
    return Result;
  }
  const llvm::StringSet<> &weak() const { return Weak; }
  /// Symbols that nothing but unused assembler code refers to.
  const llvm::StringSet<> &unused() const { return Unused; }

private:
  static bool isIntrinsic(const llvm::GlobalValue &G) {
    return G.getName().starts_with("llvm.");
  }
  static std::string nameOf(const llvm::GlobalValue &G) {
    llvm::StringRef Name = G.getName();
    Name.consume_front("\01"); // an __asm__ label
    return Name.str();
  }

  void follow(const llvm::GlobalValue &G, const std::string &Symbol) {
    if (G.hasExternalWeakLinkage())
      Weak.insert(Symbol);
    bool IsUsed = false, IsUnused = false;
    llvm::SmallPtrSet<const llvm::User *, 16> Seen;
    llvm::SmallVector<const llvm::User *, 16> Work(G.users());
    while (!Work.empty()) {
      const llvm::User *U = Work.pop_back_val();
      if (!Seen.insert(U).second)
        continue;
      if (const auto *I = dyn_cast<llvm::Instruction>(U)) {
        (isUnusedAssembly(*I) ? IsUnused : IsUsed) = true;
        offer(Symbol, chainOf(*I));
        continue;
      }
      const auto *Var = dyn_cast<llvm::GlobalVariable>(U);
      if (Var && Var->getName().starts_with("llvm."))
        continue;
      // A constant without a name of its own is told by who uses it.
      if (Var && !Var->getName().starts_with(".") &&
          !Var->hasPrivateLinkage()) {
        IsUsed = true;
        offer(Symbol, {Frame{Var->getName().str(), {}}});
        continue;
      }
      if (!isa<llvm::Function>(U))
        Work.append(U->user_begin(), U->user_end());
    }
    if (IsUnused && !IsUsed)
      Unused.insert(Symbol);
  }

  /// What gcc drops and clang keeps: code that is not volatile and whose result
  /// nobody wants.
  static bool isUnusedAssembly(const llvm::Instruction &I) {
    const auto *Call = dyn_cast<llvm::CallBase>(&I);
    const auto *Asm =
        Call ? dyn_cast<llvm::InlineAsm>(Call->getCalledOperand()) : nullptr;
    return Asm && !Asm->hasSideEffects() && Call->use_empty();
  }

  static std::vector<Frame> chainOf(const llvm::Instruction &I) {
    std::vector<Frame> Result;
    for (const llvm::DILocation *L = I.getDebugLoc(); L;
         L = L->getInlinedAt()) {
      const llvm::DISubprogram *Fn = L->getScope()->getSubprogram();
      Result.push_back(
          {Fn->getName().str(),
           {pathOf(*L), L->getLine() ? L->getLine() : Fn->getLine(),
            L->getLine() ? L->getColumn() : 0}});
    }
    if (Result.empty())
      Result.push_back({I.getFunction()->getName().str(), {}});
    std::reverse(Result.begin(), Result.end());
    return Result;
  }

  /// Symbols that assembler text names.
  void readAssembly(const llvm::Module &M) {
    for (const llvm::Function &F : M)
      for (const llvm::BasicBlock &Block : F)
        for (const llvm::Instruction &I : Block) {
          const auto *Call = dyn_cast<llvm::CallBase>(&I);
          const auto *Asm =
              Call ? dyn_cast<llvm::InlineAsm>(Call->getCalledOperand())
                   : nullptr;
          if (Asm)
            words(Asm->getAsmString(), chainOf(I));
        }
    words(M.getModuleInlineAsm(), {});
  }

  void words(llvm::StringRef Text, const std::vector<Frame> &Chain) {
    auto InWord = [](char C) {
      return llvm::isAlnum(C) || C == '_' || C == '.';
    };
    while (!Text.empty()) {
      llvm::StringRef Word = Text.take_while(InWord);
      if (!Word.empty() && !llvm::isDigit(Word.front()))
        InAssembly.try_emplace(Word, Chain);
      Text = Text.drop_front(std::max<size_t>(Word.size(), 1));
    }
  }

  /// Lower is better: known lines, own code first, few steps, early lines.
  auto rank(const std::vector<Frame> &Chain) const {
    const Location &First = Chain.front().Loc;
    return std::tuple(
        llvm::none_of(Chain,
                      [&](const Frame &F) { return F.Loc.File == MainFile; }),
        First.Line == 0, Chain.size(), First.Line, First.Column,
        Chain.front().Function);
  }

  void offer(const std::string &Symbol, std::vector<Frame> Chain) {
    trim(Chain);
    auto [It, New] = Best.try_emplace(Symbol, Chain);
    if (!New && rank(Chain) < rank(It->second))
      It->second = std::move(Chain);
  }

  /// Own functions that the optimizer merged do not matter: the way starts at
  /// the last line of the file itself.
  void trim(std::vector<Frame> &Chain) const {
    for (size_t I = Chain.size(); I-- > 1;)
      if (Chain[I].Loc.File == MainFile) {
        Chain.erase(Chain.begin(), Chain.begin() + I);
        return;
      }
  }

  std::string MainFile;
  llvm::StringMap<std::vector<Frame>> Best;
  llvm::StringSet<> Weak;
  llvm::StringSet<> Unused;

public:
  /// Words of assembler text, which may be symbols, and where they stand.
  llvm::StringMap<std::vector<Frame>> InAssembly;
};

//===----------------------------------------------------------------------===//
// Reading the object
//===----------------------------------------------------------------------===//

/// Text of \p Section from \p Offset up to a NUL.
llvm::StringRef textAt(llvm::StringRef Section, uint64_t Offset) {
  return Offset < Section.size() ? Section.drop_front(Offset).split('\0').first
                                 : llvm::StringRef();
}

class ObjectReader {
public:
  ObjectReader(const llvm::object::ObjectFile &Object, UnitFacts &Facts)
      : Object(Object), Facts(Facts) {}

  void read() {
    for (const llvm::object::SymbolRef &S : Object.symbols())
      symbol(S);
    for (scan::OwnExport &E : Facts.Exports)
      if (auto It = Namespaces.find(E.Symbol); It != Namespaces.end())
        E.Namespace = It->second;
    for (const llvm::object::SectionRef &S : Object.sections())
      section(S);
  }

private:
  void symbol(const llvm::object::SymbolRef &S) {
    using llvm::object::BasicSymbolRef;
    llvm::Expected<uint32_t> Flags = S.getFlags();
    llvm::Expected<llvm::StringRef> Name = S.getName();
    if (!Flags || !Name) {
      llvm::consumeError(Flags.takeError());
      llvm::consumeError(Name.takeError());
      return;
    }
    if (Name->empty() || (*Flags & BasicSymbolRef::SF_FormatSpecific))
      return;
    if (*Flags & BasicSymbolRef::SF_Undefined)
      Facts.Needs.push_back({Name->str(),
                             (*Flags & BasicSymbolRef::SF_Weak) != 0,
                             false,
                             {},
                             {}});
    else if (*Flags & BasicSymbolRef::SF_Global)
      Facts.Defines.push_back(Name->str());
    if (!(*Flags & BasicSymbolRef::SF_Undefined))
      exported(*Name, S);
  }

  /// The forms of EXPORT_SYMBOL: a table entry whose section says the class,
  /// with its namespace apart (up to 6.3), or a note to modpost (from 6.4).
  void exported(llvm::StringRef Name, const llvm::object::SymbolRef &S) {
    const bool Note = Name.consume_front("__export_symbol_");
    const bool Namespace = !Note && Name.consume_front("__kstrtabns_");
    if (!Note && !Namespace && !Name.consume_front("__ksymtab_"))
      return;
    llvm::Expected<llvm::object::section_iterator> In = S.getSection();
    if (!In || *In == Object.section_end()) {
      llvm::consumeError(In.takeError());
      return;
    }
    llvm::Expected<llvm::StringRef> Section = (*In)->getName();
    llvm::Expected<llvm::StringRef> Contents = (*In)->getContents();
    llvm::Expected<uint64_t> Offset = S.getValue();
    if (!Section || !Contents || !Offset) {
      llvm::consumeError(Section.takeError());
      llvm::consumeError(Contents.takeError());
      llvm::consumeError(Offset.takeError());
      return;
    }
    if (Namespace) {
      Namespaces[Name] = textAt(*Contents, *Offset).str();
      return;
    }
    scan::OwnExport E;
    E.Symbol = Name.str();
    if (Note) {
      llvm::StringRef License = textAt(*Contents, *Offset);
      E.GplOnly = License == "GPL";
      E.Namespace = textAt(*Contents, *Offset + License.size() + 1).str();
    } else {
      if (!Section->starts_with("___ksymtab"))
        return;
      E.GplOnly = Section->starts_with("___ksymtab_gpl");
    }
    Facts.Exports.push_back(std::move(E));
  }

  void section(const llvm::object::SectionRef &S) {
    llvm::Expected<llvm::StringRef> Name = S.getName();
    if (!Name || *Name != ".modinfo") {
      llvm::consumeError(Name.takeError());
      return;
    }
    llvm::Expected<llvm::StringRef> Contents = S.getContents();
    if (!Contents) {
      llvm::consumeError(Contents.takeError());
      return;
    }
    llvm::SmallVector<llvm::StringRef, 8> Entries;
    Contents->split(Entries, '\0', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef Entry : Entries)
      Facts.ModInfo.push_back(Entry.str());
  }

  const llvm::object::ObjectFile &Object;
  UnitFacts &Facts;
  llvm::StringMap<std::string> Namespaces; ///< by symbol, of table entries
};

/// False when \p Buffer is no object.
bool readObject(llvm::MemoryBufferRef Buffer, UnitFacts &Facts) {
  auto Object = llvm::object::ObjectFile::createObjectFile(Buffer);
  if (!Object) {
    llvm::consumeError(Object.takeError());
    return false;
  }
  ObjectReader(**Object, Facts).read();
  return true;
}

/// False when the object cannot be made or read.
bool readObject(CompilerInstance &CI, CodeGenOptions &Options, llvm::Module &M,
                UnitFacts &Facts) {
  llvm::SmallVector<char, 0> Bytes;
  compat::emitObject(CI, Options, M,
                     std::make_unique<llvm::raw_svector_ostream>(Bytes));
  llvm::SmallVectorMemoryBuffer Buffer(std::move(Bytes),
                                       /*RequiresNullTerminator=*/false);
  return readObject(Buffer.getMemBufferRef(), Facts);
}

void sort(UnitFacts &Facts) {
  llvm::sort(Facts.Needs,
             [](const Need &A, const Need &B) { return A.Symbol < B.Symbol; });
  llvm::sort(Facts.Defines);
  llvm::sort(Facts.Exports,
             [](const scan::OwnExport &A, const scan::OwnExport &B) {
               return A.Symbol < B.Symbol;
             });
}

/// Licences and namespaces, where there is no object to read them from.
void readModInfo(const ASTContext &Ctx, UnitFacts &Facts) {
  for (const ModInfo &Info : modInfoOf(Ctx.getTranslationUnitDecl()))
    Facts.ModInfo.push_back(Info.read().str());
}

/// How the unit declares \p Name.  Types without a name of their own would be
/// told by their place in a file, which says nothing.
std::string typeOf(ASTContext &Ctx, llvm::StringRef Name) {
  const DeclarationName Wanted(&Ctx.Idents.get(Name));
  for (const NamedDecl *D : Ctx.getTranslationUnitDecl()->lookup(Wanted))
    if (const auto *Value = dyn_cast<ValueDecl>(D)) {
      std::string Text = Value->getType().getAsString();
      return llvm::StringRef(Text).contains(" at ") ? "" : Text;
    }
  return "";
}

std::string mainFileName(const SourceManager &SM) {
  PresumedLoc Loc =
      SM.getPresumedLoc(SM.getLocForStartOfFile(SM.getMainFileID()));
  return Loc.isValid() ? plainPath(Loc.getFilename()) : "";
}

} // namespace

/// Up to so many bytes gcc sets and copies memory in place on x86-64, where it
/// knows how many they are (its generic table of string operations); clang
/// calls a function for a fraction of that.
static constexpr uint64_t BytesInPlace = 8192;

/// Functions that memory is set and copied with, and of which gcc would need
/// none for what \p M does.
static llvm::StringSet<> memoryInPlace(const llvm::Module &M) {
  llvm::StringSet<> InPlace, Called;
  if (!llvm::Triple(M.getTargetTriple()).isX86())
    return InPlace;
  for (const llvm::Function &F : M) {
    for (const llvm::BasicBlock &Block : F)
      for (const llvm::Instruction &I : Block) {
        const auto *Memory = dyn_cast<llvm::MemIntrinsic>(&I);
        if (!Memory)
          continue;
        const llvm::StringRef Name = isa<llvm::MemSetInst>(Memory) ? "memset"
                                     : isa<llvm::MemMoveInst>(Memory)
                                         ? "memmove"
                                         : "memcpy";
        const auto *Length = dyn_cast<llvm::ConstantInt>(Memory->getLength());
        (Length && Length->getZExtValue() <= BytesInPlace ? InPlace : Called)
            .insert(Name);
      }
    // The code's own call.
    if (!F.use_empty())
      Called.insert(F.getName());
  }
  for (const auto &Name : Called)
    InPlace.erase(Name.first());
  return InPlace;
}

/// Facts of the code \p M that was generated for a unit.
static std::optional<UnitFacts> factsOf(llvm::Module &M,
                                        CodeGenOptions &Options,
                                        ASTContext &Ctx, Preprocessor &PP,
                                        CompilerInstance *CI) {
  UnitFacts Facts;
  Facts.ModuleNamespaces = hasModuleNamespaces(PP);
  if (CI) {
    if (!readObject(*CI, Options, M, Facts))
      return std::nullopt;
  } else {
    optimize(M);
    readModInfo(Ctx, Facts);
  }
  References Found(M, mainFileName(Ctx.getSourceManager()));
  if (!CI)
    for (const std::string &Name : Found.names())
      Facts.Needs.push_back({Name, Found.weak().contains(Name), false, {}, {}});
  const llvm::StringSet<> InPlace =
      isForGcc(PP) ? memoryInPlace(M) : llvm::StringSet<>();
  for (Need &N : Facts.Needs) {
    N.Chain = Found.chain(N.Symbol);
    if (N.Chain.empty())
      N.Chain = Found.InAssembly.lookup(N.Symbol);
    N.Type = typeOf(Ctx, N.Symbol);
    N.Dropped = InPlace.contains(N.Symbol) ||
                (isForGcc(PP) && Found.unused().contains(N.Symbol));
  }
  sort(Facts);
  return Facts;
}

std::optional<UnitFacts> collectObjectFacts(ASTContext &Ctx, Preprocessor &PP,
                                            CompilerInstance *CI) {
  llvm::LLVMContext Context;
  Context.setDiagnosticHandler(std::make_unique<Quiet>());
  CodeGenOptions Options = optionsFor(CI);
  std::unique_ptr<llvm::Module> M = generate(Ctx, PP, Options, Context);
  return M ? factsOf(*M, Options, Ctx, PP, CI) : std::nullopt;
}

namespace {

/// Generates code as the parser goes on, as the compiler does.
class FactsConsumer : public ASTConsumer {
public:
  FactsConsumer(CompilerInstance &CI,
                std::function<void(std::optional<UnitFacts>)> Done)
      : CI(CI), Done(std::move(Done)), Options(optionsFor(&CI)),
        Diags(compat::createDiagnostics(new IgnoringDiagConsumer)),
        Generator(createGenerator(*Diags, CI.getFileManager(),
                                  CI.getPreprocessor(), Options, Context)) {
    Context.setDiagnosticHandler(std::make_unique<Quiet>());
  }

  void Initialize(ASTContext &Ctx) override { Generator->Initialize(Ctx); }
  // The generator is not made for code with errors.
  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    return isBroken() || Generator->HandleTopLevelDecl(Group);
  }
  void HandleTagDeclDefinition(TagDecl *Tag) override {
    if (!isBroken())
      Generator->HandleTagDeclDefinition(Tag);
  }
  void CompleteTentativeDefinition(VarDecl *Var) override {
    if (!isBroken())
      Generator->CompleteTentativeDefinition(Var);
  }
  void HandleTranslationUnit(ASTContext &Ctx) override {
    if (isBroken())
      return;
    Generator->HandleTranslationUnit(Ctx);
    std::unique_ptr<llvm::Module> M(Generator->ReleaseModule());
    Done(M && !Diags->hasErrorOccurred()
             ? factsOf(*M, Options, Ctx, CI.getPreprocessor(), &CI)
             : std::nullopt);
  }

private:
  bool isBroken() const { return CI.getDiagnostics().hasErrorOccurred(); }

  CompilerInstance &CI;
  std::function<void(std::optional<UnitFacts>)> Done;
  llvm::LLVMContext Context;
  CodeGenOptions Options;
  llvm::IntrusiveRefCntPtr<DiagnosticsEngine> Diags;
  std::unique_ptr<CodeGenerator> Generator;
};

} // namespace

std::unique_ptr<ASTConsumer>
createFactsConsumer(CompilerInstance &CI,
                    std::function<void(std::optional<UnitFacts>)> Done) {
  return std::make_unique<FactsConsumer>(CI, std::move(Done));
}

std::optional<UnitFacts> collectAssemblyFacts(CompilerInstance &CI) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  // Line markers would be read as comments, or as commands.
  PreprocessorOutputOptions Plain;
  Plain.ShowCPP = true;
  Plain.ShowLineMarkers = false;
  DoPrintPreprocessedInput(CI.getPreprocessor(), &OS, Plain);
  if (CI.getDiagnostics().hasErrorOccurred())
    return std::nullopt;
  bool Failed = false;
  llvm::LLVMContext Context;
  Context.setDiagnosticHandler(std::make_unique<Quiet>(&Failed));
  llvm::Module M("unit", Context);
  compat::setTarget(M, CI.getTarget());
  M.setModuleInlineAsm(Text);
  CodeGenOptions Options = optionsFor(&CI);
  UnitFacts Facts;
  if (!readObject(CI, Options, M, Facts) || Failed)
    return std::nullopt;
  sort(Facts);
  return Facts;
}

std::optional<UnitFacts> readObjectFacts(llvm::StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  UnitFacts Facts;
  if (!Buffer || !readObject((*Buffer)->getMemBufferRef(), Facts))
    return std::nullopt;
  sort(Facts);
  return Facts;
}

//===----------------------------------------------------------------------===//
// Back to the AST
//===----------------------------------------------------------------------===//

namespace {

/// The outermost expression that starts at a line and column.
class AtLine : public RecursiveASTVisitor<AtLine> {
public:
  AtLine(const SourceManager &SM, const Location &Wanted)
      : SM(SM), Wanted(Wanted) {}
  SourceLocation OnLine, Exact;

  bool VisitStmt(Stmt *S) {
    consider(S->getBeginLoc());
    // Code generation names a call by its closing parts at times.
    if (const auto *Call = dyn_cast<CallExpr>(S))
      consider(Call->getExprLoc());
    return Exact.isInvalid();
  }

private:
  void consider(SourceLocation Loc) {
    Loc = SM.getExpansionLoc(Loc);
    PresumedLoc P = SM.getPresumedLoc(Loc);
    if (P.isInvalid() || P.getLine() != Wanted.Line ||
        Wanted.File != plainPath(P.getFilename()))
      return;
    if (OnLine.isInvalid())
      OnLine = Loc;
    if (P.getColumn() == Wanted.Column)
      Exact = Loc;
  }

  const SourceManager &SM;
  const Location &Wanted;
};

/// The first reference to a name.
class NamedIn : public RecursiveASTVisitor<NamedIn> {
public:
  explicit NamedIn(llvm::StringRef Name) : Name(Name) {}
  SourceLocation Loc;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    const NamedDecl *D = Ref->getDecl();
    if (D->getIdentifier() && D->getName() == Name)
      Loc = Ref->getLocation();
    return Loc.isInvalid();
  }

private:
  llvm::StringRef Name;
};

/// The definition of the function or variable \p Name.
const Decl *definitionOf(ASTContext &Ctx, llvm::StringRef Name) {
  // "x.y": a variable y that is static in a function x.
  if (auto Parts = Name.split('.'); !Parts.second.empty())
    Name = Parts.first;
  const DeclarationName Wanted(&Ctx.Idents.get(Name));
  const Decl *Any = nullptr;
  for (const NamedDecl *D : Ctx.getTranslationUnitDecl()->lookup(Wanted)) {
    if (const auto *Fn = dyn_cast<FunctionDecl>(D)) {
      if (const FunctionDecl *Definition = Fn->getDefinition())
        return Definition;
    } else if (const auto *Var = dyn_cast<VarDecl>(D)) {
      if (const VarDecl *Definition = Var->getDefinition())
        return Definition;
      Any = Var;
    }
  }
  return Any;
}

} // namespace

FoundFrame findFrame(ASTContext &Ctx, const Frame &F, llvm::StringRef Symbol) {
  FoundFrame Result;
  Result.Where = definitionOf(Ctx, F.Function);
  if (!Result.Where)
    return Result;
  const SourceManager &SM = Ctx.getSourceManager();
  auto *Where = const_cast<Decl *>(Result.Where);
  if (F.Loc.Line) {
    AtLine Finder(SM, F.Loc);
    Finder.TraverseDecl(Where);
    Result.Loc = Finder.Exact.isValid() ? Finder.Exact : Finder.OnLine;
  } else {
    NamedIn Finder(Symbol);
    Finder.TraverseDecl(Where);
    Result.Loc = Finder.Loc;
  }
  if (Result.Loc.isInvalid())
    Result.Loc = Result.Where->getLocation();
  Result.Loc = SM.getExpansionLoc(Result.Loc);
  return Result;
}

} // namespace pagewarden
