/*
  Warnings:

  - You are about to drop the column `name` on the `A` table. All the data in the column will be lost.

*/
