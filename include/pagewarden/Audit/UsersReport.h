//===- UsersReport.h - Uses, for readers ----------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What 'pagewarden users' prints: grouped by symbol and module, counted.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_AUDIT_USERSREPORT_H
#define PAGEWARDEN_AUDIT_USERSREPORT_H

#include "pagewarden/Audit/FactsFile.h"
#include "pagewarden/Model/Model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace pagewarden::audit {

struct SymbolUses {
  std::string Symbol;
  std::vector<std::string> Rules;
  std::vector<StoredUse> Uses; ///< by module and place
};

/// The words of what holds for \p Symbol: its context, what it takes or gives
/// back, its result, flags that it refuses, and its marks.
std::vector<std::string> rulesOf(const model::Model &M, llvm::StringRef Symbol);

/// Functions that \p M knows a rule \p Rule of, in the order of the model.
std::vector<std::string> symbolsWith(const model::Model &M,
                                     llvm::StringRef Rule);

/// Whether a change of \p Rule, which holds for the symbol of \p Use, would be
/// noticed there: a flag that is refused by those only that may pass it, a
/// count by those only that do not know theirs.
bool isTouched(const scan::UseFact &Use, llvm::StringRef Rule);

/// File names are shown relative to \p Source.
void writeUsersText(llvm::raw_ostream &OS, llvm::ArrayRef<SymbolUses> All,
                    llvm::StringRef Source);
void writeUsersMarkdown(llvm::raw_ostream &OS, llvm::ArrayRef<SymbolUses> All,
                        llvm::StringRef Source);
void writeUsersJSON(llvm::raw_ostream &OS, llvm::ArrayRef<SymbolUses> All,
                    llvm::StringRef Source);

} // namespace pagewarden::audit

#endif // PAGEWARDEN_AUDIT_USERSREPORT_H
