/*
  Warnings:

  - You are about to drop the column `level` on the `T` table. All the data in the column will be lost.

*/
