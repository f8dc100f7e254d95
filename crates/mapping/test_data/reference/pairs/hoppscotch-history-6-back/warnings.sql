/*
  Warnings:

  - You are about to drop the column `isEncrypted` on the `InfraConfig` table. All the data in the column will be lost.
  - You are about to drop the column `lastActiveOn` on the `User` table. All the data in the column will be lost.
  - You are about to drop the column `lastLoggedOn` on the `User` table. All the data in the column will be lost.
  - You are about to drop the `InfraToken` table. If the table is not empty, all the data it contains will be lost.
  - You are about to drop the `PersonalAccessToken` table. If the table is not empty, all the data it contains will be lost.

*/
