// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
void warns(void)
{
	int unused;
}
