/*
  Warnings:

  - A unique constraint covering the columns `[email,name]` on the table `A` will be added. If there are existing duplicate values, this will fail.

*/
