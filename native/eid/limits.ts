/** In bytes. Far above what any card holds, far below what could hurt; dates are bounded by the contract. */
export const longestField = 512;
export const longestDate = 64;
