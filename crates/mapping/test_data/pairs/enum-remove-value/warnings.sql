/*
  Warnings:

  - The values [top] on the enum `Level` will be removed. If these variants are still used in the database, this will fail.

*/
