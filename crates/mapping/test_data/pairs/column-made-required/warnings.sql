/*
  Warnings:

  - Made the column `note` on table `Lesson` required. This step will fail if there are existing NULL values in that column.

*/
