//===- Options.cpp - Options that every door understands ------------------===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pagewarden/Plugin/Options.h"
#include "pagewarden/Checkers/CheckList.h"
#include "llvm/ADT/STLExtras.h"

namespace pagewarden {

static bool covers(llvm::StringRef Pattern, llvm::StringRef Check) {
  return Check == Pattern ||
         (Check.starts_with(Pattern) && Check[Pattern.size()] == '.');
}

std::vector<std::string> enabledChecks(const scan::Options &Opts) {
  std::vector<std::string> Result;
  for (const CheckInfo &Info : AllChecks) {
    bool On = Info.OnByDefault;
    for (llvm::StringRef Entry : Opts.Checks) {
      auto [Name, Value] = Entry.split('=');
      if (covers(Name, Info.fullName()))
        On = Value == "on";
    }
    if (On)
      Result.push_back(Info.fullName());
  }
  return Result;
}

std::vector<llvm::StringRef> enabledFamilies(const scan::Options &Opts) {
  std::vector<llvm::StringRef> Result;
  std::vector<std::string> On = enabledChecks(Opts);
  for (const CheckInfo &Info : AllChecks)
    if (!Info.Family.empty() && llvm::is_contained(On, Info.fullName()) &&
        !llvm::is_contained(Result, Info.Family))
      Result.push_back(Info.Family);
  return Result;
}

std::vector<llvm::StringRef> gateFamilies(const scan::Options &Opts) {
  static constexpr llvm::StringLiteral Always = "user-pages";
  std::vector<llvm::StringRef> Result = enabledFamilies(Opts);
  llvm::erase_if(Result, [&](llvm::StringRef Family) {
    return Family != Always &&
           llvm::none_of(AllChecks, [&](const CheckInfo &I) {
             return I.Family == Family &&
                    llvm::any_of(Opts.Checks, [&](llvm::StringRef Entry) {
                      auto [Name, Value] = Entry.split('=');
                      return Value == "on" && covers(Name, I.fullName());
                    });
           });
  });
  return Result;
}

llvm::Error checkCheckNames(const scan::Options &Opts) {
  for (llvm::StringRef Entry : Opts.Checks) {
    auto [Name, Value] = Entry.split('=');
    if (Value != "on" && Value != "off")
      return llvm::createStringError(
          "'" + Entry + "': '<check>=on' or '<check>=off' expected");
    if (llvm::none_of(AllChecks, [&, Wanted = Name](const CheckInfo &Info) {
          return covers(Wanted, Info.fullName());
        }))
      return llvm::createStringError("no check or package '" + Name +
                                     "'; 'pagewarden checks' lists them");
  }
  return llvm::Error::success();
}

} // namespace pagewarden
