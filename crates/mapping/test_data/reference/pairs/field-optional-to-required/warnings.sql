/*
  Warnings:

  - Made the column `name` on table `A` required. This step will fail if there are existing NULL values in that column.
  - Made the column `age` on table `A` required. This step will fail if there are existing NULL values in that column.

*/
