/*
  Warnings:

  - The values [paid] on the enum `Plan` will be removed. If these variants are still used in the database, this will fail.

*/
