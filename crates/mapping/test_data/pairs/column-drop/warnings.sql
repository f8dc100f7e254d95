/*
  Warnings:

  - You are about to drop the column `note` on the `Lesson` table. All the data in the column will be lost.

*/
