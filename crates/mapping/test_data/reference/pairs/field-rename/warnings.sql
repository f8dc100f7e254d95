/*
  Warnings:

  - You are about to drop the column `name` on the `A` table. All the data in the column will be lost.
  - Added the required column `title` to the `A` table without a default value. This is not possible if the table is not empty.

*/
