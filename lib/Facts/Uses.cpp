//===- Uses.cpp - Who uses a function, and how ----------------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two walks over the translation unit, without following paths:
///
///   1. which functions lead to a symbol without doing more, and what the
///      file's own functions give back, hand on, store in fields and let go
///   2. each use, and what the first walk knows of the thing that it took
///
/// What a use took and a call gives back are the same when both name the same
/// variable in one function, or the same field or global variable anywhere in
/// the file.
///
//===----------------------------------------------------------------------===//

#include "pagewarden/Facts/Uses.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

using namespace clang;

namespace pagewarden::facts {

using scan::UseFact;

namespace {

/// Inline functions within inline functions, and no further.
constexpr unsigned MaxVia = 4;
/// What is spelled in more characters than this is cut.
constexpr size_t LongestText = 120;
/// More ways out of a function than these are not told.
constexpr size_t MaxEscapes = 4;

/// A variable, or a field whatever object it is of.
struct Thing {
  const ValueDecl *Decl = nullptr;
  bool isField() const { return llvm::isa_and_nonnull<FieldDecl>(Decl); }
};

/// What \p E is about, through casts, addresses and elements.
Thing thingOf(const Expr *E) {
  while (E) {
    E = E->IgnoreParenCasts();
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      E = Unary->getSubExpr();
    else if (const auto *Element = dyn_cast<ArraySubscriptExpr>(E))
      E = Element->getBase();
    else if (const auto *Binary = dyn_cast<BinaryOperator>(E))
      E = Binary->isAdditiveOp() ? Binary->getLHS() : nullptr;
    else if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E))
      E = Literal->getInitializer(); // a transparent union
    else if (const auto *List = dyn_cast<InitListExpr>(E))
      E = List->getNumInits() == 1 ? List->getInit(0) : nullptr;
    else if (const auto *Member = dyn_cast<MemberExpr>(E))
      return {Member->getMemberDecl()};
    else if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      return {Ref->getDecl()};
    else
      return {};
  }
  return {};
}

/// "struct foo.pages"
std::string fieldName(const ValueDecl *Field) {
  const auto *Record = dyn_cast<RecordDecl>(Field->getDeclContext());
  std::string Name = Field->getNameAsString();
  if (!Record)
    return Name;
  std::string Outer = Record->getNameAsString();
  return (Record->isUnion() ? "union " : "struct ") +
         (Outer.empty() ? "(unnamed)" : Outer) + "." + Name;
}

/// A call by which the file gives a thing back or hands it on.
struct Deed {
  const FunctionDecl *In;
  Thing What;
  const CallExpr *Call;
  const model::Function *Entry; ///< null: a mark says what it undoes
};

/// The one call that \p Fn consists of, "return f(...);" or "f(...);", or null.
const CallExpr *onlyCall(const FunctionDecl *Fn) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Fn->getBody());
  if (!Body || Body->size() != 1)
    return nullptr;
  const Stmt *Only = Body->body_front();
  if (const auto *Return = dyn_cast<ReturnStmt>(Only))
    Only = Return->getRetValue();
  const auto *E = dyn_cast_or_null<Expr>(Only);
  return E ? dyn_cast<CallExpr>(E->IgnoreParenCasts()) : nullptr;
}

class Collector : public ASTConsumer {
public:
  Collector(const model::Model &M, llvm::ArrayRef<std::string> Symbols,
            std::vector<UseFact> &Out)
      : M(M), Out(Out) {
    for (const std::string &Symbol : Symbols) {
      Names.try_emplace(Symbol, Symbol);
      for (const model::Function *F : M.lookup(Symbol)) {
        Names.try_emplace(F->Name, Symbol);
        for (const std::string &Spelling : F->Spellings)
          Names.try_emplace(Spelling, Symbol);
      }
    }
  }

  void HandleTranslationUnit(ASTContext &Context) override {
    Ctx = &Context;
    SM = &Context.getSourceManager();
    std::vector<const FunctionDecl *> Functions;
    collect(Context.getTranslationUnitDecl(), Functions);
    findWrappers(Functions);
    for (const FunctionDecl *Fn : Functions)
      if (inMainFile(Fn))
        findDeeds(Fn, Fn->getBody());
    for (const FunctionDecl *Fn : Functions) {
      Current = Fn;
      Stack.clear();
      walk(Fn->getBody());
    }
    Current = nullptr;
    walkInitialisers(Context.getTranslationUnitDecl());
  }

private:
  static void collect(const DeclContext *In,
                      std::vector<const FunctionDecl *> &Functions) {
    for (const Decl *D : In->decls())
      if (const auto *Fn = dyn_cast<FunctionDecl>(D))
        if (Fn->doesThisDeclarationHaveABody())
          Functions.push_back(Fn);
  }

  bool inMainFile(const Decl *D) const {
    return SM->isInMainFile(SM->getExpansionLoc(D->getLocation()));
  }

  /// The symbol that was asked for under this name, or "".
  llvm::StringRef symbolOf(const FunctionDecl *Fn) const {
    if (!Fn || !Fn->getIdentifier())
      return "";
    auto It = Names.find(Fn->getName());
    return It == Names.end() ? llvm::StringRef() : llvm::StringRef(It->second);
  }

  const model::Function *entryOf(const FunctionDecl *Fn) const {
    return Fn && Fn->getIdentifier() ? M.lookup(Fn->getName(), Fn->param_size())
                                     : nullptr;
  }

  //===--------------------------------------------------------------------===//
  // The first walk
  //===--------------------------------------------------------------------===//

  /// Calls \p Do for every expression below \p S that is evaluated.
  static void forEach(const Stmt *S,
                      llvm::function_ref<void(const Stmt *)> Do) {
    if (!S || isa<UnaryExprOrTypeTraitExpr>(S))
      return;
    Do(S);
    for (const Stmt *Child : S->children())
      forEach(Child, Do);
  }

  /// Functions that lead to a symbol: any of headers, and those of the file
  /// that are one call.
  void findWrappers(llvm::ArrayRef<const FunctionDecl *> Functions) {
    // In the order of the file: of two ways the first is told.
    llvm::MapVector<const FunctionDecl *,
                    llvm::SmallVector<const FunctionDecl *, 4>>
        Mentions;
    for (const FunctionDecl *Fn : Functions) {
      if (!symbolOf(Fn).empty() || (inMainFile(Fn) && !onlyCall(Fn)))
        continue;
      auto &List = Mentions[Fn->getCanonicalDecl()];
      forEach(Fn->getBody(), [&](const Stmt *S) {
        if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
          if (const auto *To = dyn_cast<FunctionDecl>(Ref->getDecl()))
            if (!llvm::is_contained(List, To->getCanonicalDecl()))
              List.push_back(To->getCanonicalDecl());
      });
    }
    for (unsigned Round = 0; Round < MaxVia; ++Round)
      for (const auto &[Fn, List] : Mentions)
        for (const FunctionDecl *To : List)
          addWrapper(Fn, To, Round);
  }

  void addWrapper(const FunctionDecl *Fn, const FunctionDecl *To,
                  unsigned Round) {
    llvm::StringRef Direct = symbolOf(To);
    auto &Mine = Wrappers[Fn];
    auto Add = [&](llvm::StringRef Symbol, const std::string &Chain,
                   unsigned Depth) {
      if (llvm::none_of(Mine, [&](const Way &W) { return W.Symbol == Symbol; }))
        Mine.push_back({Symbol.str(), Chain, Depth});
    };
    if (!Direct.empty())
      return Add(Direct, Fn->getNameAsString(), 0);
    auto It = Wrappers.find(To);
    if (!Round || It == Wrappers.end())
      return;
    const auto Theirs = It->second;
    for (const Way &W : Theirs)
      if (W.Depth < Round)
        Add(W.Symbol, Fn->getNameAsString() + " > " + W.Chain, Round);
  }

  void findDeeds(const FunctionDecl *Fn, const Stmt *Body) {
    forEach(Body, [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        noteCall(Fn, Call);
      if (const auto *Return = dyn_cast<ReturnStmt>(S))
        noteEscape(Fn, thingOf(Return->getRetValue()), "returned");
      if (const auto *Assign = dyn_cast<BinaryOperator>(S))
        if (Assign->getOpcode() == BO_Assign)
          noteStore(Fn, thingOf(Assign->getLHS()), thingOf(Assign->getRHS()));
      if (const auto *Decls = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Decls->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            if (Var->getInit())
              noteInit(Fn, Var, thingOf(Var->getInit()));
    });
  }

  void noteCall(const FunctionDecl *Fn, const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->getIdentifier() || Callee->getBuiltinID())
      return;
    if (const model::Function *Entry = entryOf(Callee)) {
      if (Entry->Object.Base == model::Place::Arg &&
          (Entry->TheRole == model::Role::Release ||
           Entry->TheRole == model::Role::Transfer))
        if (const Expr *Arg = argument(Call, Entry->Object.Index))
          Deeds.push_back({Fn, thingOf(Arg), Call, Entry});
      return;
    }
    if (const model::Mark *Undoes = M.mark("pgmap-unmaps", Callee->getName())) {
      for (unsigned I : Undoes->Arguments)
        if (const Expr *Arg = argument(Call, I))
          Deeds.push_back({Fn, thingOf(Arg), Call, nullptr});
      return;
    }
    // Locks and messages keep nothing; nor do questions about a page.
    if (M.mark("incidental", Callee->getName()) || inHeader(Callee))
      return;
    for (const Expr *Arg : Call->arguments())
      // A number may be made of a pointer, and keeps nothing.
      if (Arg->getType()->isPointerType())
        noteEscape(Fn, thingOf(Arg),
                   "passed to '" + Callee->getName().str() + "'");
  }

  /// Small functions of headers are no place where a thing stays.
  bool inHeader(const FunctionDecl *Fn) const {
    return Fn->isInlineSpecified() && !inMainFile(Fn);
  }

  void noteEscape(const FunctionDecl *Fn, Thing What, std::string How) {
    // What may be kept is a pointer or an array.
    if (!What.Decl || !isa<VarDecl>(What.Decl) ||
        !(What.Decl->getType()->isPointerType() ||
          What.Decl->getType()->isArrayType()))
      return;
    auto &Ways = Escapes[{Fn, What.Decl}];
    if (!llvm::is_contained(Ways, How) && Ways.size() <= MaxEscapes)
      Ways.push_back(std::move(How));
  }

  void noteInit(const FunctionDecl *Fn, const VarDecl *Var, Thing From) {
    // Another name from the beginning, "struct page **p = all + done;".
    if (Var->getType()->isPointerType() && Var->isLocalVarDecl() &&
        llvm::isa_and_nonnull<VarDecl>(From.Decl) &&
        (From.Decl->getType()->isPointerType() ||
         From.Decl->getType()->isArrayType()))
      Aliases.try_emplace({Fn, Var}, From.Decl);
    noteStore(Fn, {Var}, From);
  }

  /// \p What under its first name in \p Fn.
  Thing firstName(const FunctionDecl *Fn, Thing What) const {
    for (unsigned Depth = 0; What.Decl && Depth < MaxVia; ++Depth) {
      auto It = Aliases.find({Fn, What.Decl});
      if (It == Aliases.end())
        break;
      What.Decl = It->second;
    }
    return What;
  }

  /// One of the two is a field, or the caller's, the other a variable that is
  /// kept in it.
  void noteStore(const FunctionDecl *Fn, Thing To, Thing From) {
    if (To.isField() && From.Decl && !From.isField())
      Kept[{Fn, From.Decl}] = To.Decl;
    else if (From.isField() && To.Decl && isa<VarDecl>(To.Decl))
      Kept.try_emplace({Fn, To.Decl}, From.Decl);
    else if (llvm::isa_and_nonnull<ParmVarDecl>(To.Decl))
      noteEscape(Fn, From,
                 "in the caller's '" + To.Decl->getNameAsString() + "'");
  }

  //===--------------------------------------------------------------------===//
  // The second walk
  //===--------------------------------------------------------------------===//

  void walkInitialisers(const DeclContext *In) {
    for (const Decl *D : In->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        if (Var->getInit()) {
          Stack.clear();
          walk(Var->getInit());
        }
  }

  void walk(const Stmt *S) {
    if (!S || isa<UnaryExprOrTypeTraitExpr>(S))
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *Callee = Call->getDirectCallee())
        use(Callee, Call->getBeginLoc(), Call);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Fn = dyn_cast<FunctionDecl>(Ref->getDecl()))
        if (!isCallee(Ref))
          use(Fn, Ref->getLocation(), nullptr);
    Stack.push_back(S);
    for (const Stmt *Child : S->children())
      walk(Child);
    Stack.pop_back();
  }

  bool isCallee(const DeclRefExpr *Ref) const {
    for (const Stmt *S : llvm::reverse(Stack)) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        return Call->getCallee()->IgnoreParenImpCasts() == Ref;
      if (!isa<ImplicitCastExpr, ParenExpr>(S))
        return false;
    }
    return false;
  }

  void use(const FunctionDecl *Fn, SourceLocation Loc, const CallExpr *Call) {
    llvm::StringRef Symbol = symbolOf(Fn);
    if (!Symbol.empty()) {
      if (Current && symbolOf(Current) == Symbol)
        return; // part of its own definition
      add(Symbol, Fn, Loc, Call, "");
      return;
    }
    // Only the file's own code: headers repeat themselves in every file.
    if (Current && !inMainFile(Current))
      return;
    auto It = Wrappers.find(Fn->getCanonicalDecl());
    if (It == Wrappers.end())
      return;
    for (const Way &W : It->second)
      add(W.Symbol, Fn, Loc, Call, W.Chain);
  }

  void add(llvm::StringRef Symbol, const FunctionDecl *Fn, SourceLocation Loc,
           const CallExpr *Call, const std::string &Via) {
    UseFact U;
    U.Symbol = Symbol.str();
    U.Spelled = Fn->getNameAsString();
    U.Loc = location(Loc);
    U.Kind = Call ? "call" : "reference";
    U.Via = Via;
    U.Macros = macrosAt(Loc);
    // Exporting a function names it, and uses it for nothing.
    if (!Current && llvm::StringRef(U.Macros).starts_with("EXPORT_"))
      return;
    if (Current)
      U.Function = Current->getNameAsString();
    U.InLoop = llvm::any_of(Stack, [](const Stmt *S) {
      return isa<ForStmt, WhileStmt, DoStmt>(S);
    });
    if (Call)
      U.Result = fate(Call).first;
    if (Call && Via.empty())
      if (const model::Function *Entry = entryOf(Fn))
        describe(U, Call, *Entry);
    Out.push_back(std::move(U));
  }

  Location location(SourceLocation Loc) const {
    PresumedLoc P = SM->getPresumedLoc(SM->getExpansionLoc(Loc));
    if (P.isInvalid())
      return {};
    return {P.getFilename(), P.getLine(), P.getColumn()};
  }

  /// Names of the macros that \p Loc comes out of, outermost first.
  std::string macrosAt(SourceLocation Loc) const {
    llvm::SmallVector<std::string, 4> Names;
    while (Loc.isMacroID()) {
      if (!SM->isMacroArgExpansion(Loc))
        Names.push_back(
            Lexer::getImmediateMacroName(Loc, *SM, Ctx->getLangOpts()).str());
      Loc = SM->getImmediateExpansionRange(Loc).getBegin();
    }
    std::reverse(Names.begin(), Names.end());
    return llvm::join(Names, " > ");
  }

  std::string textOf(const Expr *E) const {
    CharSourceRange Range = Lexer::makeFileCharRange(
        CharSourceRange::getTokenRange(E->getSourceRange()), *SM,
        Ctx->getLangOpts());
    std::string Text =
        Range.isValid()
            ? Lexer::getSourceText(Range, *SM, Ctx->getLangOpts()).str()
            : std::string();
    if (Text.empty()) {
      llvm::raw_string_ostream OS(Text);
      E->printPretty(OS, nullptr, Ctx->getPrintingPolicy());
    }
    llvm::SmallVector<llvm::StringRef, 16> Words;
    llvm::SplitString(Text, Words, " \t\r\n\\");
    std::string Line = llvm::join(Words, " ");
    if (Line.size() > LongestText)
      Line = Line.substr(0, LongestText) + "...";
    return Line;
  }

  //===--------------------------------------------------------------------===//
  // What becomes of a result
  //===--------------------------------------------------------------------===//

  /// In words, and the variable or field that it is put into.
  std::pair<std::string, Thing> fate(const CallExpr *Call) const {
    const Stmt *Below = Call;
    for (size_t I = Stack.size(); I-- > 0;) {
      const Stmt *S = Stack[I];
      if (isa<ParenExpr, ImplicitCastExpr, FullExpr>(S)) {
        Below = S;
        continue;
      }
      if (const auto *Cast = dyn_cast<CStyleCastExpr>(S)) {
        if (Cast->getType()->isVoidType())
          return {"ignored on purpose", {}};
        Below = S;
        continue;
      }
      if (const auto *Decls = dyn_cast<DeclStmt>(S)) {
        // The value of a statement expression that ends with the variable.
        const VarDecl *Var = initialised(Decls, Below);
        if (!Var)
          return {"used", {}};
        if (const Stmt *Outer = valueOfBlock(Var, I)) {
          while (I > 0 && Stack[I] != Outer)
            --I;
          Below = Outer;
          continue;
        }
        return {"in '" + Var->getNameAsString() + "'", {Var}};
      }
      if (const auto *Block = dyn_cast<CompoundStmt>(S)) {
        if (I && isa<StmtExpr>(Stack[I - 1]) && !Block->body_empty() &&
            Block->body_back() == Below) {
          Below = Stack[--I];
          continue;
        }
        return {ignored(Call), {}};
      }
      return fateIn(S, Below, Call);
    }
    return {"used", {}};
  }

  static std::string ignored(const CallExpr *Call) {
    return Call->getType()->isVoidType() ? "none" : "ignored";
  }

  std::pair<std::string, Thing> fateIn(const Stmt *S, const Stmt *Below,
                                       const CallExpr *Call) const {
    if (isa<ReturnStmt>(S))
      return {"returned", {}};
    if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
      if (Binary->isAssignmentOp() && Binary->getRHS() == Below)
        return {"in '" + textOf(Binary->getLHS()) + "'",
                thingOf(Binary->getLHS())};
      return {Binary->isComparisonOp() || Binary->isLogicalOp() ? "tested"
                                                                : "used",
              {}};
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(S))
      return {Unary->getOpcode() == UO_LNot ? "tested" : "used", {}};
    if (const auto *If = dyn_cast<IfStmt>(S))
      return {If->getCond() == Below ? "tested" : ignored(Call), {}};
    if (const auto *While = dyn_cast<WhileStmt>(S))
      return {While->getCond() == Below ? "tested" : ignored(Call), {}};
    if (const auto *Outer = dyn_cast<CallExpr>(S)) {
      const FunctionDecl *Callee = Outer->getDirectCallee();
      if (!Callee)
        return {"passed on", {}};
      if (Callee->getBuiltinID())
        return {"tested", {}};
      return {"passed to '" + Callee->getNameAsString() + "'", {}};
    }
    if (isa<ForStmt, DoStmt, CaseStmt, DefaultStmt, LabelStmt>(S))
      return {ignored(Call), {}};
    return {"used", {}};
  }

  static const VarDecl *initialised(const DeclStmt *Decls, const Stmt *By) {
    for (const Decl *D : Decls->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        if (Var->getInit() == By)
          return Var;
    return nullptr;
  }

  /// The statement expression around Stack[At] whose value is \p Var.
  const Stmt *valueOfBlock(const VarDecl *Var, size_t At) const {
    if (At < 2)
      return nullptr;
    const auto *Block = dyn_cast<CompoundStmt>(Stack[At - 1]);
    if (!Block || !isa<StmtExpr>(Stack[At - 2]) || Block->body_empty())
      return nullptr;
    const auto *Value = dyn_cast<Expr>(Block->body_back());
    return Value && thingOf(Value).Decl == Var ? Stack[At - 2] : nullptr;
  }

  //===--------------------------------------------------------------------===//
  // What the model knows
  //===--------------------------------------------------------------------===//

  static const Expr *argument(const CallExpr *Call, unsigned Index) {
    return Index < Call->getNumArgs() ? Call->getArg(Index) : nullptr;
  }

  std::optional<llvm::APSInt> valueOf(const Expr *E) const {
    Expr::EvalResult Value;
    if (E->isValueDependent() || !E->EvaluateAsInt(Value, *Ctx))
      return std::nullopt;
    return Value.Val.getInt();
  }

  void describe(UseFact &U, const CallExpr *Call,
                const model::Function &Entry) const {
    if (Entry.Flags)
      if (const Expr *Flags = argument(Call, *Entry.Flags)) {
        U.Flags = textOf(Flags);
        if (auto Value = valueOf(Flags))
          U.FlagsValue = "0x" + llvm::utohexstr(Value->getZExtValue(),
                                                /*LowerCase=*/true);
      }
    const model::Amount &Amount = Entry.Requested ? Entry.Requested
                                  : Entry.Order   ? Entry.Order
                                                  : Entry.Count;
    if (Amount.Kind == model::Amount::Arg)
      if (const Expr *Count = argument(Call, Amount.Value)) {
        U.Count = textOf(Count);
        if (auto Value = valueOf(Count))
          U.CountValue = llvm::toString(*Value, 10);
      }
    if (Amount.Kind == model::Amount::Constant)
      U.Count = U.CountValue = std::to_string(Amount.Value);
    describeObject(U, Call, Entry);
  }

  void describeObject(UseFact &U, const CallExpr *Call,
                      const model::Function &Entry) const {
    findUnmaps(U, Call, Entry);
    Thing Object;
    if (Entry.Object.Base == model::Place::Arg) {
      const Expr *Arg = argument(Call, Entry.Object.Index);
      if (!Arg)
        return;
      U.Object = textOf(Arg);
      Object = thingOf(Arg);
    } else if (Entry.Object.Base == model::Place::Ret) {
      auto [Words, Into] = fate(Call);
      Object = Into;
      if (Into.Decl)
        U.Object = Into.Decl->getNameAsString();
    }
    if (!Object.Decl || !Current)
      return;
    Object = firstName(Current, Object);
    Thing Field = keptIn(Current, Object);
    if (Field.Decl)
      U.Field = Field.isField() ? fieldName(Field.Decl)
                                : Field.Decl->getNameAsString();
    U.Escape = llvm::join(waysOut(Object), ", ");
    if (Entry.TheRole == model::Role::Acquire)
      findReleases(U, Entry, Object, Field);
  }

  /// The field, or the global variable, that holds \p What for longer than
  /// \p Fn runs.
  Thing keptIn(const FunctionDecl *Fn, Thing What) const {
    if (What.isField())
      return What;
    if (const auto *Var = dyn_cast<VarDecl>(What.Decl))
      if (Var->hasGlobalStorage())
        return What;
    return {Kept.lookup({Fn, What.Decl})};
  }

  std::vector<std::string> waysOut(Thing Object) const {
    std::vector<std::string> Out;
    if (isa<ParmVarDecl>(Object.Decl))
      Out.push_back("in the caller's '" + Object.Decl->getNameAsString() + "'");
    auto It = Escapes.find({Current, Object.Decl});
    if (It != Escapes.end())
      Out.insert(Out.end(), It->second.begin(), It->second.end());
    if (Out.size() > MaxEscapes) {
      Out.resize(MaxEscapes);
      Out.push_back("...");
    }
    return Out;
  }

  bool gives(const Deed &D, const model::Function &Entry) const {
    if (D.Entry)
      return false;
    const model::Mark *Undoes =
        M.mark("pgmap-unmaps", D.Call->getDirectCallee()->getName());
    return Undoes && llvm::is_contained(Undoes->With, Entry.Name);
  }

  /// What a use maps is unmapped by its description, not by its result.
  void findUnmaps(UseFact &U, const CallExpr *Call,
                  const model::Function &Entry) const {
    const model::Mark *Maps = M.mark("pgmap-maps", Entry.Name);
    if (!Maps || !Current)
      return;
    for (unsigned I : Maps->Arguments) {
      const Expr *Arg = argument(Call, I);
      const Thing Map = Arg ? thingOf(Arg) : Thing();
      if (!Map.Decl)
        continue;
      const Thing Field = keptIn(Current, Map);
      for (const Deed &D : Deeds)
        if (gives(D, Entry) && isSame(D, Map, Field))
          addRelease(U, D, /*Handed=*/false);
    }
  }

  void findReleases(UseFact &U, const model::Function &Entry, Thing Object,
                    Thing Field) const {
    const model::Resource *Res = M.resource(Entry.Resource);
    for (const Deed &D : Deeds) {
      if (!D.Entry)
        continue;
      const bool Handed = D.Entry->TheRole == model::Role::Transfer;
      if (!Handed && !(Res && Res->isReturnedAs(D.Entry->Resource)))
        continue;
      if (isSame(D, Object, Field))
        addRelease(U, D, Handed);
    }
  }

  /// Whether \p D is about the variable \p Object, or what is kept in
  /// \p Field.
  bool isSame(const Deed &D, Thing Object, Thing Field) const {
    if (!D.What.Decl)
      return false;
    const Thing What = firstName(D.In, D.What);
    if (D.In == Current && What.Decl == Object.Decl)
      return true;
    return Field.Decl && keptIn(D.In, What).Decl == Field.Decl;
  }

  void addRelease(UseFact &U, const Deed &D, bool Handed) const {
    U.Releases.push_back({D.Call->getDirectCallee()->getNameAsString(),
                          D.In->getNameAsString(),
                          location(D.Call->getBeginLoc()), Handed});
  }

  /// How a function leads to a symbol.
  struct Way {
    std::string Symbol, Chain;
    unsigned Depth;
  };

  const model::Model &M;
  std::vector<UseFact> &Out;
  llvm::StringMap<std::string> Names; ///< spelled so, asked for so
  ASTContext *Ctx = nullptr;
  const SourceManager *SM = nullptr;
  llvm::DenseMap<const FunctionDecl *, std::vector<Way>> Wrappers;
  std::vector<Deed> Deeds;
  llvm::DenseMap<std::pair<const FunctionDecl *, const ValueDecl *>,
                 const ValueDecl *>
      Kept; ///< the field that a function keeps a variable's value in
  llvm::DenseMap<std::pair<const FunctionDecl *, const ValueDecl *>,
                 const ValueDecl *>
      Aliases; ///< what a variable of a function is another name of
  llvm::DenseMap<std::pair<const FunctionDecl *, const ValueDecl *>,
                 std::vector<std::string>>
      Escapes; ///< how else it lets a variable's value go
  const FunctionDecl *Current = nullptr;
  std::vector<const Stmt *> Stack; ///< from the body to where the walk is
};

} // namespace

std::unique_ptr<ASTConsumer>
createUseCollector(const model::Model &M, llvm::ArrayRef<std::string> Symbols,
                   std::vector<UseFact> &Out) {
  return std::make_unique<Collector>(M, Symbols, Out);
}

} // namespace pagewarden::facts
