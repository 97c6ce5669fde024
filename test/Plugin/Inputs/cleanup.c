// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* Code for both rewritings of the groundwork. */

void undo(int *value);
int work(int value);

int both(int n)
{
	int a __attribute__((cleanup(undo))) = n;

	if (n < 0)
		return work(a);
	for (int i __attribute__((cleanup(undo))) = 0; i < n; i++) {
		int b __attribute__((cleanup(undo))) = work(i);

		asm goto("" : "+r"(b) : : : out);
		if (b)
			break;
out:
		continue;
	}
	return a;
}
