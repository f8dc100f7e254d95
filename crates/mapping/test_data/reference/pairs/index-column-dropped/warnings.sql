/*
  Warnings:

  - You are about to drop the column `a` on the `A` table. All the data in the column will be lost.
  - You are about to drop the column `c` on the `A` table. All the data in the column will be lost.

*/
