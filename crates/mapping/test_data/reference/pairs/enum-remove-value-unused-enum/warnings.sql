/*
  Warnings:

  - The values [green] on the enum `Colour` will be removed. If these variants are still used in the database, this will fail.

*/
