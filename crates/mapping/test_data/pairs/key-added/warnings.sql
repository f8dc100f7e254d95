/*
  Warnings:

  - A unique constraint covering the columns `[b]` on the table `T` will be added. If there are existing duplicate values, this will fail.

*/
