/*
  Warnings:

  - A unique constraint covering the columns `[a]` on the table `A` will be added. If there are existing duplicate values, this will fail.

*/
