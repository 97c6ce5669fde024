//===- Uses.h - Who uses a function, and how --------------------*- C++ -*-===//
//
// Part of pagewarden, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Collects the uses of some functions in one translation unit.
///
//===----------------------------------------------------------------------===//

#ifndef PAGEWARDEN_FACTS_USES_H
#define PAGEWARDEN_FACTS_USES_H

#include "pagewarden/Model/Model.h"
#include "pagewarden/Scan/UseFact.h"
#include "clang/AST/ASTConsumer.h"
#include "llvm/ADT/ArrayRef.h"
#include <memory>
#include <string>
#include <vector>

namespace pagewarden::facts {

/// A consumer that fills \p Out with the uses of \p Symbols, and of whatever
/// \p M spells them as.  Everything must outlive it.
std::unique_ptr<clang::ASTConsumer>
createUseCollector(const model::Model &M, llvm::ArrayRef<std::string> Symbols,
                   std::vector<scan::UseFact> &Out);

} // namespace pagewarden::facts

#endif // PAGEWARDEN_FACTS_USES_H
