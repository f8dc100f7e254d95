/*
  Warnings:

  - The required column `code` was added to the `Lesson` table with a prisma-level default value. This is not possible if the table is not empty. Please add this column as optional, then populate it before making it required.
  - Added the required column `length` to the `Lesson` table without a default value. This is not possible if the table is not empty.

*/
