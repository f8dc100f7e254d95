/*
  Warnings:

  - A unique constraint covering the columns `[b]` on the table `T` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[a,b]` on the table `T` will be added. If there are existing duplicate values, this will fail.

*/
