/*
  Warnings:

  - Added the required column `a` to the `A` table without a default value. This is not possible if the table is not empty.

*/
